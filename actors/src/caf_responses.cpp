// What CAF needs of every response.
#include "caf_message_bodies.hpp"

#undef TROUPE_CAF_response
#define TROUPE_CAF_response(message) TROUPE_CAF_BODIES(message)

TROUPE_MESSAGES(TROUPE_CAF_OF_KIND)
