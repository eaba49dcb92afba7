// What CAF needs of every notification.
#include "caf_message_bodies.hpp"

#define TROUPE_CAF_BODY(kind, body) TROUPE_CAF_BODY_##kind(body)
#define TROUPE_CAF_BODY_request(body)
#define TROUPE_CAF_BODY_response(body)
#define TROUPE_CAF_BODY_notification(body)                                     \
  TROUPE_CAF_BODIES(troupe::protocol::notification<troupe::protocol::body>)
#define TROUPE_CAF_BODY_coordination(body)

TROUPE_MESSAGES(TROUPE_CAF_BODY)
