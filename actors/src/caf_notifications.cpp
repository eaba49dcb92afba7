// What CAF needs of every notification.
#include "caf_message_bodies.hpp"

#undef TROUPE_CAF_notification
#define TROUPE_CAF_notification(message) TROUPE_CAF_BODIES(message)

TROUPE_MESSAGES(TROUPE_CAF_OF_KIND)
