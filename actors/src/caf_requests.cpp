// What CAF needs of every request.
#include "caf_message_bodies.hpp"

#undef TROUPE_CAF_request
#define TROUPE_CAF_request(message) TROUPE_CAF_BODIES(message)

TROUPE_MESSAGES(TROUPE_CAF_OF_KIND)
