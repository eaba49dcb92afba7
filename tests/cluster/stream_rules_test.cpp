#include "support/catch.hpp"
#include "support/cluster/stream_rules.hpp"

using namespace std::chrono_literals;
using troupe::test::record_finder;
using troupe::test::stream_clock;
using troupe::test::stream_cutter;
using troupe::test::stream_fault;
using kind = troupe::test::stream_fault_kind;

namespace {

const stream_clock::instant start{std::chrono::hours{1}};

/// A TLS record with so many bytes behind its head.
std::string record(std::size_t size) {
  std::string text{"\x17\x03\x03", 3};
  text += static_cast<char>(size >> 8U);
  text += static_cast<char>(size & 255U);
  return text + std::string(size, 'r');
}

/// What comes out of a stream that is given in pieces of that size.
stream_cutter::outcome cut(std::vector<stream_fault> faults,
                           const std::string& text, std::size_t piece) {
  stream_cutter cutter{std::move(faults)};
  stream_cutter::outcome all;
  for (std::size_t at = 0; at < text.size(); at += piece) {
    auto out = cutter.take(std::string_view{text}.substr(at, piece));
    all.bytes += out.bytes;
    if (out.fault)
      all.fault = out.fault;
  }
  return all;
}

} // namespace

TEST_CASE("a fault strikes at its byte, however the bytes come",
          "[fault_proxy]") {
  for (const std::size_t piece : {1U, 2U, 3U, 100U}) {
    const auto out = cut({{kind::reset, 3}}, "abcdef", piece);
    CHECK(out.bytes == "abc");
    CHECK(out.fault == kind::reset);
    CHECK(cut({{kind::close, 0}}, "abcdef", piece).bytes.empty());
    CHECK(cut({{kind::close, 6}}, "abcdef", piece).bytes == "abcdef");
    CHECK_FALSE(cut({{kind::close, 6}}, "abcdef", piece).fault);
    CHECK(cut({}, "abcdef", piece).bytes == "abcdef");
  }
}

TEST_CASE("a byte that is corrupted is one, and the rest goes on",
          "[fault_proxy]") {
  const auto out = cut({{kind::corrupt, 1}, {kind::corrupt, 4}}, "abcdef", 4);
  CHECK(out.bytes == "accddf");
  CHECK_FALSE(out.fault);
}

TEST_CASE("half a record goes through", "[fault_proxy]") {
  const auto stream = record(10) + record(0) + record(1) + record(300);
  for (const std::size_t piece : {1U, 7U, 1'000U}) {
    const auto sent = [&](std::uint64_t number) {
      return cut({{kind::stall, 0, number}}, stream, piece).bytes.size();
    };
    CHECK(sent(0) == 5 + 5);
    CHECK(sent(2) == 15 + 5 + 5);
    CHECK(sent(3) == 15 + 5 + 6 + 5 + 150);
    CHECK(sent(4) == stream.size());
    CHECK(sent(1) == stream.size()); // an empty one has no middle
  }
}

TEST_CASE("bytes keep their order, whatever the jitter", "[fault_proxy]") {
  stream_clock clock{{5ms, 20ms, 0}, 7};
  auto last = start;
  bool differs = false;
  for (int i = 0; i < 1'000; ++i) {
    const auto now = start + i * 1ms;
    const auto due = clock.due(now, 10);
    CHECK(due >= last);
    CHECK(due >= now + 5ms);
    CHECK(due <= now + 25ms);
    differs = differs || due - now > 20ms;
    last = due;
  }
  CHECK(differs);
}

TEST_CASE("the same seed gives the same times", "[fault_proxy]") {
  stream_clock one{{1ms, 20ms, 0}, 7};
  stream_clock same{{1ms, 20ms, 0}, 7};
  stream_clock other{{1ms, 20ms, 0}, 8};
  bool differs = false;
  for (int i = 0; i < 100; ++i) {
    const auto now = start + i * 100ms;
    const auto due = one.due(now, 1);
    CHECK(same.due(now, 1) == due);
    differs = differs || other.due(now, 1) != due;
  }
  CHECK(differs);
}

TEST_CASE("a throttled stream takes as long as its bytes need",
          "[fault_proxy]") {
  stream_clock clock{{0ms, 0ms, 1'000}, 1};
  CHECK(clock.piece_bytes() == 50);
  auto due = start;
  for (int i = 0; i < 20; ++i)
    due = clock.due(start, 50);
  CHECK(due == start + 1s);
  // Time in which nothing came is not made up for.
  CHECK(clock.due(start + 10s, 50) == start + 10s + 50ms);
}
