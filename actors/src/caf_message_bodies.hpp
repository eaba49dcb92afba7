#pragma once

#include "troupe/actors/caf_inspect_described.hpp"
#include "troupe/actors/caf_types.hpp"

#include <caf/all.hpp>

/// Compiles how CAF (de)serialises a described type.
#define TROUPE_CAF_INSPECT(type)                                               \
  template caf::error troupe::protocol::save_described(caf::serializer&,       \
                                                       const type&);           \
  template caf::error troupe::protocol::load_described(caf::deserializer&,     \
                                                       type&);

/// Compiles all that CAF needs of a message.
#define TROUPE_CAF_BODIES(message)                                             \
  TROUPE_CAF_INSPECT(message)                                                  \
  TROUPE_CAF_CLASSES(template, message)
