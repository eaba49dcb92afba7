#include "support/catch.hpp"
#include "support/protocol/random_message.hpp"
#include "troupe/actors/caf_inspect_described.hpp"
#include "troupe/actors/system_config.hpp"

#include <caf/all.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>

using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::test::random_source;

namespace {

using bytes = std::vector<char>;

template <class T>
bytes written(T value) {
  bytes out;
  caf::binary_serializer sink{nullptr, out};
  REQUIRE_FALSE(sink(value));
  return out;
}

/// False when the bytes are refused.
template <class T>
bool reads(const bytes& from, T& value) {
  caf::binary_deserializer source{nullptr, from.data(), from.size()};
  return !source(value);
}

/// How many truncations of `whole` were taken for a message.
template <class T>
std::size_t accepted_truncations(const bytes& whole) {
  std::size_t accepted = 0;
  const auto step = std::max<std::size_t>(1, whole.size() / 200);
  for (std::size_t size = 0; size < whole.size(); size += step) {
    T value;
    accepted +=
        reads(bytes(whole.begin(), whole.begin() + static_cast<long>(size)),
              value)
            ? 1
            : 0;
  }
  return accepted;
}

} // namespace

TEST_CASE("every message comes through CAF's bytes unchanged", "[caf_types]") {
  protocol::for_each_message_type([](auto type) {
    using message = typename decltype(type)::type;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
      random_source source{seed};
      const auto sent = protocol::test::random<message>(source);
      message received;
      CAPTURE(seed);
      REQUIRE(reads(written(sent), received));
      REQUIRE(received == sent);
    }
  });
}

TEST_CASE("a message that was cut off is refused", "[caf_types]") {
  protocol::for_each_message_type([](auto type) {
    using message = typename decltype(type)::type;
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
      random_source source{seed};
      const auto whole = written(protocol::test::random<message>(source));
      CAPTURE(seed, whole.size());
      REQUIRE(accepted_truncations<message>(whole) == 0);
    }
  });
}

TEST_CASE("bytes that were changed are read or refused, never more",
          "[caf_types]") {
  protocol::for_each_message_type([](auto type) {
    using message = typename decltype(type)::type;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
      random_source source{seed};
      auto noise = written(protocol::test::random<message>(source));
      for (int i = 0; i < 3; ++i)
        noise[source.below(noise.size())] = static_cast<char>(source.next());
      message received;
      if (reads(noise, received)) {
        message again;
        CAPTURE(seed);
        REQUIRE(reads(written(received), again));
      }
    }
  });
}

TEST_CASE("a value that an enum does not describe is refused", "[caf_types]") {
  protocol::settle_budget settle;
  settle.outcome = static_cast<protocol::settlement>(77);
  CHECK_FALSE(reads(written(settle), settle));

  protocol::chat_message message;
  message.role = static_cast<protocol::chat_role>(2);
  CHECK_FALSE(reads(written(message), message));

  protocol::run_event event;
  event.failure = protocol::fail(static_cast<errc>(200), "");
  CHECK_FALSE(reads(written(event), event));
  event.failure = protocol::fail(static_cast<errc>(0), "");
  CHECK_FALSE(reads(written(event), event));
  event.failure = protocol::fail(errc::internal, "");
  CHECK(reads(written(event), event));
}

TEST_CASE("an index that a variant does not have is refused", "[caf_types]") {
  // The role's byte, one of the list's size, the variant's index.
  const protocol::chat_message sent{protocol::chat_role::user,
                                    {protocol::text_part{"x"}}};
  auto whole = written(sent);
  protocol::chat_message received;
  REQUIRE(reads(whole, received));
  REQUIRE(whole.at(2) == 0);
  whole[2] = 4;
  CHECK_FALSE(reads(whole, received));
  whole[2] = static_cast<char>(255);
  CHECK_FALSE(reads(whole, received));
}

TEST_CASE("a list that claims more than there is takes no memory for it",
          "[caf_types]") {
  auto whole = written(protocol::chat_message{});
  REQUIRE(whole.size() == 2); // the role, the list's size
  whole.pop_back();
  for (const char each : {'\xFF', '\xFF', '\xFF', '\xFF', '\x0F'})
    whole.push_back(each);
  protocol::chat_message received;
  CHECK_FALSE(reads(whole, received));
  CHECK(received.content.capacity() < 16);
}

TEST_CASE("a header that holds its defaults costs a few bytes", "[caf_types]") {
  CHECK(written(protocol::header{}).size() <= 4);
  protocol::header named;
  named.from = "editor";
  CHECK(written(named).size() <= 4 + 1 + named.from.size());
}

TEST_CASE("a typed error keeps its code and detail through CAF",
          "[caf_types]") {
  for (const auto& name : protocol::enum_names<errc>()) {
    protocol::error sent{errc::internal, "account 'a/b' has 0.5 USD left"};
    REQUIRE(protocol::enum_from_name(name, sent.code));
    CHECK(from_caf(to_caf(sent)) == sent);
  }
  CHECK(from_caf(to_caf({errc::cancelled, ""})).detail.empty());
}

TEST_CASE("a typed error keeps its code and detail through bytes",
          "[caf_types]") {
  system_config config{1};
  caf::actor_system system{config};
  const protocol::error sent{errc::budget_exhausted, "no money"};
  bytes out;
  caf::binary_serializer sink{system, out};
  REQUIRE_FALSE(sink(to_caf(sent)));
  caf::error received;
  caf::binary_deserializer source{system, out.data(), out.size()};
  REQUIRE_FALSE(source(received));
  CHECK(from_caf(received) == sent);
}

TEST_CASE("CAF's own errors become the nearest of ours", "[caf_types]") {
  CHECK(from_caf(caf::sec::request_receiver_down).code == errc::unreachable);
  CHECK(from_caf(caf::exit_reason::kill).code == errc::unreachable);
  CHECK(from_caf(caf::exit_reason::user_shutdown).code == errc::unreachable);
  CHECK(from_caf(caf::sec::request_timeout).code == errc::deadline_exceeded);
  CHECK(from_caf(caf::sec::runtime_error).code == errc::agent_failed);
  CHECK(from_caf(caf::sec::unexpected_message).code == errc::internal);
  CHECK(from_caf(caf::error{}).code == errc::internal);
}

TEST_CASE("a code of a later version becomes an internal error",
          "[caf_types]") {
  const caf::error later{200, caf::atom("troupe"),
                         caf::make_message(std::string{"of tomorrow"},
                                           std::int64_t{5}, true,
                                           std::int64_t{9}, std::string{"e"})};
  CHECK(from_caf(later).code == errc::internal);
  CHECK(from_caf(later).detail == "of tomorrow");
  CHECK(from_caf(later).retry_after == std::chrono::nanoseconds{5});
  CHECK(from_caf(later).retries_spent);
  CHECK(from_caf(later).affordable == 9);
  CHECK(from_caf(later).effect == "e");
}

TEST_CASE("CAF prints a typed error by its name", "[caf_types]") {
  system_config config{1};
  caf::actor_system system{config};
  CHECK(system.render(to_caf({errc::no_model_fits, ""})).find("no_model_fits")
        != std::string::npos);
}
