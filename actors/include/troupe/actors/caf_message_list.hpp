#pragma once

#include "troupe/actors/caf_inspect.hpp"

#include <troupe/protocol/message_list.hpp>

#include <caf/make_message.hpp>
#include <caf/detail/tuple_vals.hpp>
#include <caf/detail/type_erased_value_impl.hpp>
#include <caf/mailbox_element.hpp>

/// What CAF 0.17.6 makes of a message that is sent alone: the content of a
/// `caf::message`, that of a mailbox element, a type-erased copy. They are
/// compiled once, in troupe_actors, instead of in every source that sends the
/// message.
#define TROUPE_CAF_CLASSES(declare, message)                                   \
  declare class caf::detail::tuple_vals_impl<caf::detail::message_data,        \
                                             message>;                         \
  declare class caf::detail::tuple_vals<message>;                              \
  declare class caf::detail::tuple_vals_impl<caf::type_erased_tuple, message>; \
  declare class caf::detail::type_erased_value_impl<message>;

#define TROUPE_CAF_MESSAGE(kind, body)                                         \
  TROUPE_CAF_CLASSES(extern template,                                          \
                     troupe::protocol::kind<troupe::protocol::body>)
TROUPE_MESSAGES(TROUPE_CAF_MESSAGE)
TROUPE_CAF_CLASSES(extern template, troupe::protocol::state_update)
#undef TROUPE_CAF_MESSAGE
