#pragma once

#include "troupe/protocol/header.hpp"
#include "troupe/protocol/state_commit.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>

/// The five kinds of message. An envelope is a header and a body; bodies are
/// plain structs that name neither sender nor receiver.
namespace troupe::protocol {

enum class message_kind : std::uint8_t {
  request,
  response,
  notification,
  state_update,
  coordination,
};
BOOST_DESCRIBE_ENUM(message_kind, request, response, notification, state_update,
                    coordination)

/// Asks for work. Ends in exactly one outcome at the sender: a response, or an
/// error (which may be `deadline_exceeded`, `cancelled` or `unreachable`).
template <class Body>
struct request {
  static constexpr auto kind = message_kind::request;
  header head;
  Body body;

  bool operator==(const request&) const = default;
  BOOST_DESCRIBE_CLASS(request, (), (head, body), (), ())
};

/// The answer to one request; `head.correlation` names it.
template <class Body>
struct response {
  static constexpr auto kind = message_kind::response;
  header head;
  Body body;

  bool operator==(const response&) const = default;
  BOOST_DESCRIBE_CLASS(response, (), (head, body), (), ())
};

/// Tells; nobody answers.
template <class Body>
struct notification {
  static constexpr auto kind = message_kind::notification;
  header head;
  Body body;

  bool operator==(const notification&) const = default;
  BOOST_DESCRIBE_CLASS(notification, (), (head, body), (), ())
};

/// One commit to shared state, as those who follow it get it.
struct state_update {
  static constexpr auto kind = message_kind::state_update;
  header head;
  state_commit body;

  bool operator==(const state_update&) const = default;
};
BOOST_DESCRIBE_STRUCT(state_update, (), (head, body))

/// Steers work that is under way: task lifecycle, progress, cancel.
template <class Body>
struct coordination {
  static constexpr auto kind = message_kind::coordination;
  header head;
  Body body;

  bool operator==(const coordination&) const = default;
  BOOST_DESCRIBE_CLASS(coordination, (), (head, body), (), ())
};

} // namespace troupe::protocol
