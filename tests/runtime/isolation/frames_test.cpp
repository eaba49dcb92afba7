#include "isolation/frames.hpp"
#include "support/catch.hpp"
#include "support/protocol/random_source.hpp"

using namespace troupe;
using namespace troupe::isolation;
using protocol::errc;
using protocol::test::random_source;

TEST_CASE("frames that come in pieces of any size are those that were sent",
          "[isolation]") {
  const auto seed = GENERATE(range(1, 50));
  CAPTURE(seed);
  random_source source{static_cast<std::uint64_t>(seed)};
  std::string bytes;
  std::vector<std::string> sent;
  for (int i = 0; i < 20; ++i) {
    sent.emplace_back(source.below(300), 'x');
    bytes += frame_of(from_agent{task_ended{tell(sent.back())}});
  }
  frame_reader reader;
  std::vector<std::string> came;
  while (!bytes.empty()) {
    const auto size = 1 + source.below(bytes.size());
    reader.take(std::string_view{bytes}.substr(0, size));
    bytes.erase(0, size);
    for (;;) {
      const auto text = reader.next();
      REQUIRE(text.has_value());
      if (!*text)
        break;
      auto frame = read_from_agent(**text);
      REQUIRE(frame.has_value());
      came.push_back(heard(std::get<task_ended>(*frame).outcome).value());
    }
  }
  CHECK(came == sent);
}

TEST_CASE("a frame that is too long is refused before it has come",
          "[isolation]") {
  frame_reader reader;
  reader.take(std::string{"\x01\x00\x00\x04", 4});
  const auto text = reader.next();
  REQUIRE(text.has_error());
  CHECK(text.error().code == errc::limit_exceeded);
}

TEST_CASE("what is no frame of the other side is refused", "[isolation]") {
  for (const auto* text : {"", "{}", "[1]", "{\"begin_task\":{}}", "hello",
                           "{\"alive\":{},\"ready\":{}}", "{\"ready\":7}"})
    CHECK(read_from_agent(text).has_error());
  CHECK(read_to_agent("{\"alive\":{}}").has_error());
  CHECK(read_to_agent("{\"stop_task\":{}}").has_value());
}

TEST_CASE("an error goes through a frame as it is", "[isolation]") {
  auto why = protocol::fail(errc::effect_unknown, "who knows");
  why.effect = "key";
  const auto frame = frame_of(to_agent{answered{tell(why)}});
  const auto read = read_to_agent(frame.substr(4));
  REQUIRE(read.has_value());
  CHECK(heard(std::get<answered>(*read).outcome).error() == why);
}
