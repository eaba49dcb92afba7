// What CAF needs of every coordination, and of what is sent without an
// envelope.
#include "caf_message_bodies.hpp"

#define TROUPE_CAF_BODY(kind, body) TROUPE_CAF_BODY_##kind(body)
#define TROUPE_CAF_BODY_request(body)
#define TROUPE_CAF_BODY_response(body)
#define TROUPE_CAF_BODY_notification(body)
#define TROUPE_CAF_BODY_coordination(body)                                     \
  TROUPE_CAF_BODIES(troupe::protocol::coordination<troupe::protocol::body>)

TROUPE_MESSAGES(TROUPE_CAF_BODY)
TROUPE_CAF_BODIES(troupe::protocol::state_update)
TROUPE_CAF_INSPECT(troupe::protocol::tool_call)
TROUPE_CAF_INSPECT(troupe::protocol::tool_result)
