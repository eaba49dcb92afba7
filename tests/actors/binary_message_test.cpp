#include "support/catch.hpp"
#include "support/file_text.hpp"
#include "support/message_samples.hpp"
#include "troupe/actors/binary_message.hpp"

#include <sys/resource.h>

using namespace troupe::protocol;
using troupe::actors::binary_limits;
using troupe::actors::read_binary;
using troupe::actors::write_binary;

namespace {

using byte_list = std::vector<std::byte>;

byte_list written(const any_message& message) {
  auto bytes = write_binary(message);
  REQUIRE(bytes.has_value());
  return std::move(*bytes);
}

error refusal_of(std::span<const std::byte> bytes, binary_limits limits = {}) {
  const auto read = read_binary(bytes, limits);
  REQUIRE(read.has_error());
  return read.error();
}

bool is_at_byte(const error& failure, std::size_t offset,
                const std::string& why) {
  INFO(failure.detail);
  return failure.code == errc::malformed_message
         && failure.detail == "byte " + std::to_string(offset) + ": " + why;
}

byte_list bytes_of(std::string_view text) {
  const auto* data = reinterpret_cast<const std::byte*>(text.data());
  return {data, data + text.size()};
}

void append(byte_list& to, const byte_list& more) {
  to.insert(to.end(), more.begin(), more.end());
}

std::size_t number_at(const byte_list& bytes, std::size_t at) {
  std::size_t number = 0;
  for (std::size_t i = at; i < at + 4; ++i)
    number = number << 8U | std::to_integer<std::size_t>(bytes.at(i));
  return number;
}

/// The parts of a message, to be changed one by one.
struct frame {
  byte_list version, kind, type, head, body;

  explicit frame(const any_message& message) {
    const auto bytes = written(message);
    std::size_t at = 0;
    const auto take = [&](std::size_t size) {
      at += size;
      return byte_list(bytes.begin() + static_cast<long>(at - size),
                       bytes.begin() + static_cast<long>(at));
    };
    version = take(2);
    for (auto* name : {&kind, &type}) {
      const auto size = take(1);
      *name = take(std::to_integer<std::size_t>(size.front()));
    }
    for (auto* part : {&head, &body}) {
      const auto size = number_at(bytes, at);
      at += 4;
      *part = take(size);
    }
    REQUIRE(at == bytes.size());
  }

  [[nodiscard]] byte_list bytes() const {
    auto all = version;
    for (const auto& name : {kind, type}) {
      all.push_back(static_cast<std::byte>(name.size()));
      append(all, name);
    }
    for (const auto& part : {head, body}) {
      for (int shift = 24; shift >= 0; shift -= 8)
        all.push_back(static_cast<std::byte>(part.size() >> unsigned(shift)));
      append(all, part);
    }
    return all;
  }

  /// Where the bytes of the type's name stand, with its size.
  [[nodiscard]] std::size_t type_at() const { return 3 + kind.size(); }
  [[nodiscard]] std::size_t head_at() const {
    return type_at() + 1 + type.size();
  }
  [[nodiscard]] std::size_t body_at() const {
    return head_at() + 4 + head.size();
  }
};

request<perform_task> a_task() {
  request<perform_task> task;
  task.head.from = "coordinator";
  task.body.task = "summary";
  task.body.inputs = {{"report", "..."}};
  return task;
}

long memory_kib() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return used.ru_maxrss;
}

} // namespace

TEST_CASE("every message comes through its binary form unchanged",
          "[binary_message]") {
  test::random_source chance{17};
  for (std::size_t type = 0; type < test::message_type_count(); ++type) {
    INFO(message_types()[type]);
    for (int i = 0; i < 60; ++i) {
      const auto sent = test::random_message(type, chance);
      const auto read = read_binary(written(sent));
      REQUIRE(read.has_value());
      REQUIRE(*read == sent);
    }
    const auto plain = test::default_message(type);
    CHECK(read_binary(written(plain)).value() == plain);
  }
}

TEST_CASE("a message that was cut at any byte is refused with the place",
          "[binary_message]") {
  test::random_source chance{18};
  for (std::size_t type = 0; type < test::message_type_count(); ++type) {
    const auto whole = written(test::random_message(type, chance));
    INFO(message_types()[type]);
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const auto failure = refusal_of(std::span{whole}.first(size));
      REQUIRE(failure.code == errc::malformed_message);
      REQUIRE(failure.detail.starts_with("byte "));
      REQUIRE(std::stoul(failure.detail.substr(5)) <= size);
    }
  }
}

TEST_CASE("bytes that were changed are read or refused with a place",
          "[binary_message]") {
  test::random_source chance{19};
  std::size_t refused = 0;
  for (std::size_t type = 0; type < test::message_type_count(); ++type)
    for (int i = 0; i < 200; ++i) {
      auto noise = written(test::random_message(type, chance));
      for (int changes = 0; changes < 3; ++changes)
        noise[chance.below(noise.size())] =
            static_cast<std::byte>(chance.next());
      const auto read = read_binary(noise);
      if (read) {
        REQUIRE(read_binary(written(*read)).value() == *read);
        REQUIRE(decode_message(encode_message(*read)).value() == *read);
      } else {
        ++refused;
        REQUIRE(read.error().detail.starts_with("byte "));
      }
    }
  CHECK(refused > 0);
}

TEST_CASE("bytes behind a message are refused with their place",
          "[binary_message]") {
  auto bytes = written(a_task());
  const auto size = bytes.size();
  bytes.resize(size + 3);
  CHECK(is_at_byte(refusal_of(bytes), size, "3 bytes behind the message"));
}

TEST_CASE("too many bytes are refused before the first is looked at",
          "[binary_message]") {
  const byte_list zeros(100'000'000);
  CHECK(refusal_of(zeros)
        == fail(errc::limit_exceeded,
                "document: 100000000 bytes, allowed are 16777216"));
  const auto bytes = written(a_task());
  CHECK(read_binary(bytes, {bytes.size()}).has_value());
  CHECK(refusal_of(bytes, {bytes.size() - 1}).code == errc::limit_exceeded);
}

TEST_CASE("a message that its reader would find too large is not written",
          "[binary_message]") {
  auto large = a_task();
  const auto size = written(large).size();
  CHECK(write_binary(large, {size}).has_value());
  CHECK(write_binary(large, {size - 1}).error()
        == fail(errc::limit_exceeded, "document: " + std::to_string(size)
                                          + " bytes, allowed are "
                                          + std::to_string(size - 1)));
  large.body.prompt.assign(16U << 20U, 'x');
  CHECK(write_binary(large).error().code == errc::limit_exceeded);
}

TEST_CASE("another major version is refused before all else",
          "[binary_message]") {
  auto parts = frame{a_task()};
  parts.version = {std::byte{2}, std::byte{0}};
  parts.kind = bytes_of("unheard_of");
  CHECK(is_at_byte(refusal_of(parts.bytes()), 0,
                   "schema version 2.0, expected 1.x"));
  CHECK(is_at_byte(refusal_of(byte_list(2)), 0,
                   "schema version 0.0, expected 1.x"));
}

TEST_CASE("a header of another major version is refused before the body",
          "[binary_message]") {
  auto task = a_task();
  task.head.version = 3 * 256 + 1;
  auto parts = frame{task};
  parts.body = bytes_of("no task");
  CHECK(is_at_byte(refusal_of(parts.bytes()), parts.head_at(),
                   "header of schema version 3.1, expected 1.x"));
}

TEST_CASE("what a later minor version adds to header and body is skipped",
          "[binary_message]") {
  const auto sent = a_task();
  auto parts = frame{sent};
  // The first byte of the bit set is that of members that do not exist yet.
  parts.head.front() = parts.body.front() = std::byte{0x80};
  append(parts.head, bytes_of("new"));
  append(parts.body, bytes_of("also new"));
  CHECK(is_at_byte(refusal_of(parts.bytes()), parts.head_at() + 4,
                   "a value that is not known"));
  parts.version.back() = std::byte{1};
  CHECK(read_binary(parts.bytes()).value() == any_message{sent});
}

TEST_CASE("a body without a bit set may have grown at its end too",
          "[binary_message]") {
  coordination<task_finished> sent;
  sent.body.task = "summary";
  auto parts = frame{sent};
  append(parts.body, bytes_of("new"));
  CHECK(is_at_byte(refusal_of(parts.bytes()),
                   parts.body_at() + 4 + parts.body.size() - 3,
                   "3 bytes too many in this part"));
  parts.version.back() = std::byte{1};
  CHECK(read_binary(parts.bytes()).value() == any_message{sent});
}

TEST_CASE("optional members that an earlier minor version had not are absent",
          "[binary_message]") {
  response<state_value> sent;
  sent.body.revision = 5;
  auto parts = frame{sent};
  parts.body.pop_back(); // which says that there is no entry
  CHECK(read_binary(parts.bytes()).value() == any_message{sent});
  parts.body.pop_back();
  CHECK(is_at_byte(refusal_of(parts.bytes()), parts.body_at() + 4,
                   "expected 8 bytes, found 7"));
}

TEST_CASE("a later minor version may not change what stands inside a body",
          "[binary_message]") {
  response<model_reply> sent;
  sent.body.used.output = 7;
  auto parts = frame{sent};
  parts.version.back() = std::byte{1};
  CHECK(read_binary(parts.bytes()).has_value());
  // Bits of the body, then those of its one member.
  REQUIRE(parts.body.at(4) == std::byte{0});
  parts.body.at(4) = std::byte{0x80};
  CHECK(is_at_byte(refusal_of(parts.bytes()), parts.body_at() + 8,
                   "a value that is not known"));
}

TEST_CASE("unknown kinds and types are refused with the nearest name",
          "[binary_message]") {
  auto parts = frame{a_task()};
  const auto type_at = parts.type_at();
  parts.type = bytes_of("perform_tsk");
  CHECK(is_at_byte(
      refusal_of(parts.bytes()), type_at,
      "unknown message 'perform_tsk' (did you mean 'perform_task'?)"));
  parts.type = bytes_of("task_result");
  CHECK(is_at_byte(refusal_of(parts.bytes()), type_at,
                   "'task_result' is no request"));
  parts.version.back() = std::byte{9}; // later ones may have new types
  parts.type = bytes_of("of_tomorrow");
  CHECK(is_at_byte(refusal_of(parts.bytes()), type_at,
                   "unknown message 'of_tomorrow'"));
  parts.kind = bytes_of("reqest");
  CHECK(is_at_byte(refusal_of(parts.bytes()), 2,
                   "unknown kind 'reqest' (did you mean 'request'?)"));
  for (const auto* name : {"", "\n", "Request", "a-b", "\xC3\xA4"}) {
    parts.kind = bytes_of(name);
    CHECK(is_at_byte(refusal_of(parts.bytes()), 2, "expected a name"));
  }
  parts.kind = bytes_of(std::string(65, 'a'));
  CHECK(is_at_byte(refusal_of(parts.bytes()), 2, "expected a name"));
}

TEST_CASE("sizes that claim more than there is take no memory",
          "[binary_message]") {
  const auto huge = bytes_of("\xFF\xFF\xFF\xFF\x0F");
  const auto claim = std::to_string(UINT32_MAX);
  const auto before = memory_kib();

  auto parts = frame{request<publish>{}}; // starts with a text
  const auto text_at = parts.body_at() + 8;
  parts.body = bytes_of(std::string("\0\0\0\x01", 4));
  append(parts.body, huge);
  CHECK(is_at_byte(refusal_of(parts.bytes()), text_at,
                   "a text of " + claim + " bytes, found 0"));

  parts = frame{response<state_written>{}};
  const auto part_at = parts.body_at();
  auto bytes = parts.bytes();
  for (std::size_t i = 0; i < 4; ++i)
    bytes.at(part_at + i) = std::byte{0xFF};
  CHECK(is_at_byte(refusal_of(bytes), part_at,
                   "a part of " + claim + " bytes, found "
                       + std::to_string(parts.body.size())));

  parts = frame{state_update{}}; // revision, time, list
  parts.body.resize(16);
  append(parts.body, huge);
  CHECK(is_at_byte(refusal_of(parts.bytes()), parts.body_at() + 4 + 16,
                   "a list of " + claim + " items in 0 bytes"));
  parts.body.resize(16);
  append(parts.body, bytes_of("\xFF\xFF\xFF\xFF\xFF\x01"));
  CHECK(is_at_byte(refusal_of(parts.bytes()), parts.body_at() + 4 + 16,
                   "a size of more than five bytes"));
  CHECK(memory_kib() - before < 16 * 1024);
}

TEST_CASE("more list items than allowed are refused", "[binary_message]") {
  auto task = a_task();
  task.body.inputs.assign(10, {});
  const auto bytes = written(task);
  CHECK(read_binary(bytes, {1'000, 10}).has_value());
  const auto failure = refusal_of(bytes, {1'000, 9});
  CHECK(failure.code == errc::limit_exceeded);
  CHECK(failure.detail.ends_with(": too many items in lists"));

  auto parts = frame{state_update{}}; // revision, time, list
  parts.body.resize(16);
  append(parts.body, bytes_of("\xC1\x84\x3D")); // 1,000,001
  parts.body.resize(parts.body.size() + 1'000'001);
  CHECK(refusal_of(parts.bytes())
        == fail(errc::limit_exceeded,
                "byte " + std::to_string(parts.body_at() + 4 + 16)
                    + ": too many items in lists"));
}

TEST_CASE("a value that has no JSON form is refused with its place",
          "[binary_message]") {
  auto task = a_task();
  task.body.task = "ab\xED\xA0\x80";
  const auto text_at = frame{task}.body_at() + 4 + 4 + 1 + 2;
  CHECK(
      is_at_byte(refusal_of(written(task)), text_at, "text that is not UTF-8"));

  request<write_state> write;
  write.body.changes.resize(1);
  for (const auto ttl :
       {duration{-1}, duration{std::chrono::hours{87'600}} + duration{1}}) {
    write.body.changes[0].ttl = ttl;
    CHECK(refusal_of(written(write))
              .detail.ends_with(": a value that is not known"));
  }
  write.body.changes[0].ttl = std::chrono::hours{87'600};
  CHECK(read_binary(written(write)).has_value());
}

TEST_CASE("docs/wire.md shows the bytes of a message", "[binary_message]") {
  coordination<cancel> sent;
  sent.head.from = "user";
  sent.body = {{0x0192'D3C4'5E6F'7ABCULL, 0x8DEF'0123'4567'89ABULL}, "stop"};
  const auto text = troupe::test::file_text(TROUPE_SOURCE_DIR "/docs/wire.md");
  const auto begin = text.find("```hex\n", text.find("## Binary")) + 7;
  std::string shown;
  for (std::size_t i = begin; text.compare(i, 3, "```") != 0;) {
    shown += text.substr(i, text.find("  ", i) - i) + ' ';
    i = text.find('\n', i) + 1;
  }
  std::string hex;
  for (const auto each : written(sent)) {
    char digits[4];
    std::snprintf(digits, sizeof digits, "%02x ",
                  std::to_integer<unsigned>(each));
    hex += digits;
  }
  CHECK(shown == hex);
}
