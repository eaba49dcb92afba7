#pragma once

#include "binary_part.hpp"
#include "troupe/actors/caf_inspect_described.hpp"
#include "troupe/actors/caf_types.hpp"

#include <caf/all.hpp>

/// Compiles how CAF (de)serialises a described type.
#define TROUPE_CAF_INSPECT(type)                                               \
  template caf::error troupe::protocol::save_described(caf::serializer&,       \
                                                       const type&);           \
  template caf::error troupe::protocol::load_described(caf::deserializer&,     \
                                                       type&);

/// Compiles how the binary form of messages holds a header or a body.
#define TROUPE_CAF_PART(type)                                                  \
  TROUPE_CAF_INSPECT(type)                                                     \
  template caf::error troupe::actors::load_part(                               \
      troupe::actors::binary_source&, type&);

/// Compiles all that CAF needs of a message.
#define TROUPE_CAF_BODIES(message)                                             \
  TROUPE_CAF_INSPECT(message)                                                  \
  TROUPE_CAF_PART(decltype(message::body))                                     \
  TROUPE_CAF_CLASSES(template, message)

/// For TROUPE_MESSAGES: compiles the messages of one kind, which are those
/// whose TROUPE_CAF_<kind> the source defines anew as TROUPE_CAF_BODIES. Each
/// kind has a source of its own, as these are the slowest of all to compile.
#define TROUPE_CAF_OF_KIND(kind, body)                                         \
  TROUPE_CAF_##kind(troupe::protocol::kind<troupe::protocol::body>)
#define TROUPE_CAF_request(message)
#define TROUPE_CAF_response(message)
#define TROUPE_CAF_notification(message)
#define TROUPE_CAF_coordination(message)
