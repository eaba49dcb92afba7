// What CAF needs of every response.
#include "caf_message_bodies.hpp"

#define TROUPE_CAF_BODY(kind, body) TROUPE_CAF_BODY_##kind(body)
#define TROUPE_CAF_BODY_request(body)
#define TROUPE_CAF_BODY_response(body)                                         \
  TROUPE_CAF_BODIES(troupe::protocol::response<troupe::protocol::body>)
#define TROUPE_CAF_BODY_notification(body)
#define TROUPE_CAF_BODY_coordination(body)

TROUPE_MESSAGES(TROUPE_CAF_BODY)
