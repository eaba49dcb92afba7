// What CAF needs of every coordination, of headers, and of what is sent without
// an envelope.
#include "caf_message_bodies.hpp"

#undef TROUPE_CAF_coordination
#define TROUPE_CAF_coordination(message) TROUPE_CAF_BODIES(message)

TROUPE_MESSAGES(TROUPE_CAF_OF_KIND)
TROUPE_CAF_BODIES(troupe::protocol::state_update)
TROUPE_CAF_PART(troupe::protocol::header)
TROUPE_CAF_INSPECT(troupe::protocol::tool_call)
TROUPE_CAF_INSPECT(troupe::protocol::tool_result)
