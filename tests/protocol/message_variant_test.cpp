#include "support/catch.hpp"
#include "support/message_samples.hpp"
#include "troupe/protocol/message_variant.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace troupe::protocol {

namespace {

namespace js = boost::json;

const std::string sample = R"({"kind":"request","type":"perform_task",)"
                           R"("header":{"from":"a"},"body":{"task":"t"}})";

std::string refusal_of(const js::value& json) {
  const auto read = decode_message(js::serialize(json));
  REQUIRE(read.has_error());
  CHECK(read.error().code == errc::malformed_message);
  return read.error().detail;
}

js::value changed(std::string_view field, js::value value) {
  auto json = js::parse(sample);
  json.as_object()[field] = std::move(value);
  return json;
}

/// Names a place: a JSON pointer, the whole document, or a byte.
bool names_a_place(const error& failure) {
  return failure.detail.starts_with('/')
         || failure.detail.starts_with("document: ")
         || failure.detail.starts_with("byte ");
}

} // namespace

TEST_CASE("every message goes through JSON and back", "[message_variant]") {
  const std::uint64_t seed = 71;
  INFO("seed " << seed);
  test::random_source chance{seed};
  for (std::size_t type = 0; type < test::message_type_count(); ++type) {
    for (int i = 0; i < 100; ++i) {
      const auto message = test::random_message(type, chance);
      const auto text = encode_message(message);
      INFO(text);
      const auto read = decode_message(text);
      REQUIRE(read.has_value());
      CHECK(*read == message);
      CHECK(text.find('\n') == std::string::npos);
    }
  }
}

TEST_CASE("a message reads as its own type too", "[message_variant]") {
  const auto read = message_from_json<request<perform_task>>(js::parse(sample));
  REQUIRE(read.has_value());
  CHECK(read->body.task == "t");
  CHECK(read->head.from == "a");
  CHECK(header_of(any_message{*read}).from == "a");
  CHECK(message_from_json<request<model_call>>(js::parse(sample)).has_error());
}

TEST_CASE("a truncated message is refused", "[message_variant]") {
  const std::uint64_t seed = 72;
  INFO("seed " << seed);
  test::random_source chance{seed};
  for (int i = 0; i < 100; ++i) {
    const auto text = encode_message(test::random_message(chance));
    const auto length = chance.below(text.size());
    const auto read = decode_message(std::string_view{text}.substr(0, length));
    INFO(text.substr(0, length));
    REQUIRE(read.has_error());
    CHECK(read.error().code == errc::malformed_message);
    CHECK(names_a_place(read.error()));
  }
}

TEST_CASE("a damaged message is refused or read, never more",
          "[message_variant]") {
  const std::uint64_t seed = 73;
  INFO("seed " << seed);
  test::random_source chance{seed};
  for (int i = 0; i < 5000; ++i) {
    auto text = encode_message(test::random_message(chance));
    for (auto count = 1 + chance.below(3); count > 0 && !text.empty();
         --count) {
      const auto at = chance.below(text.size());
      switch (chance.below(4)) {
      case 0:
        text[at] = static_cast<char>(chance.next());
        break;
      case 1:
        text.erase(at, 1 + chance.below(5));
        break;
      case 2:
        text.insert(at, text.substr(chance.below(text.size()), 8));
        break;
      default:
        text[at] = "{}[]\",:0-e"[chance.below(10)];
      }
    }
    if (const auto read = decode_message(text)) {
      CHECK(decode_message(encode_message(*read)).value() == *read);
    } else {
      INFO(text);
      CHECK(read.error().code == errc::malformed_message);
      CHECK(names_a_place(read.error()));
    }
  }
}

namespace {

/// Replaces, adds or removes something in the tree at random.
void mutate(js::value& json, test::random_source& chance) {
  if (json.is_object() && !json.get_object().empty() && chance.below(4) != 0) {
    auto& object = json.get_object();
    auto* field = object.begin() + chance.below(object.size());
    if (chance.below(8) == 0)
      object.erase(field);
    else
      mutate(field->value(), chance);
  } else if (json.is_array() && !json.get_array().empty() && chance.coin()) {
    mutate(json.get_array()[chance.below(json.get_array().size())], chance);
  } else {
    const std::array<js::value, 9> others{
        nullptr, true,          -1, UINT64_MAX,          0.5,
        "x",     js::array{{}}, {}, js::object{{"x", 1}}};
    json = others.at(chance.below(others.size()));
  }
}

} // namespace

TEST_CASE("a message of the wrong shape names the place", "[message_variant]") {
  const std::uint64_t seed = 74;
  INFO("seed " << seed);
  test::random_source chance{seed};
  std::size_t refused = 0;
  for (int i = 0; i < 5000; ++i) {
    auto json = js::parse(encode_message(test::random_message(chance)));
    mutate(json, chance);
    const auto read = any_message_from_json(json);
    if (read)
      continue;
    ++refused;
    INFO(js::serialize(json));
    CHECK(read.error().code == errc::malformed_message);
    CHECK(names_a_place(read.error()));
  }
  CHECK(refused > 3000);
}

TEST_CASE("an envelope has its four fields and no others",
          "[message_variant]") {
  CHECK(refusal_of(changed("extra", 1)) == "/extra: unknown field");
  for (const auto* name : {"kind", "type", "header", "body"}) {
    auto json = js::parse(sample);
    json.as_object().erase(name);
    CHECK(refusal_of(json) == '/' + std::string(name) + ": missing field");
  }
  CHECK(refusal_of(js::array{})
        == "document: expected an object, found an array");
  CHECK(refusal_of(changed("type", 1))
        == "/type: expected a name, found an integer");
  CHECK(refusal_of(changed("type", "perform_tsk"))
            .starts_with("/type: unknown name 'perform_tsk' (did you mean "
                         "'perform_task'?), expected one of: "));
  CHECK(refusal_of(changed("kind", "response"))
            .starts_with("/kind: unknown name 'response'"));
  CHECK(refusal_of(changed("header", 1))
        == "/header: expected an object, found an integer");
  CHECK(refusal_of(changed("header", js::object{{"form", "a"}}))
        == "/header/form: unknown field (did you mean 'from'?)");
  CHECK(refusal_of(changed("body", js::object{{"attempt", -1}}))
            .starts_with("/body/attempt: out of range"));
}

TEST_CASE("a later minor version is read, another major refused",
          "[message_variant]") {
  const auto with_version = [](int version) {
    return js::serialize(changed("header", js::object{{"version", version}}));
  };
  const auto later = decode_message(with_version(schema_version + 7));
  REQUIRE(later.has_value());
  CHECK(header_of(*later).version == schema_version + 7);
  const auto other = decode_message(with_version(schema_version + 256));
  REQUIRE(other.has_error());
  CHECK(other.error()
        == fail(errc::malformed_message,
                "/header/version: schema version 2.0, expected 1.x"));
  CHECK(decode_message(with_version(0)).has_error());
  CHECK(decode_message(with_version(-1)).has_error());
  CHECK(decode_message(with_version(65'536)).has_error());
}

TEST_CASE("a later minor version may have more fields", "[message_variant]") {
  const auto with_more = [](int version) {
    auto json = js::parse(sample).as_object();
    json["header"] = {{"version", version}, {"sender", "x"}};
    json["body"] = {{"task", "t"}, {"tone", {{"a", 1}}}};
    json["signature"] = "x";
    return js::serialize(json);
  };
  const auto later = decode_message(with_more(schema_version + 1));
  REQUIRE(later.has_value());
  CHECK(std::get<request<perform_task>>(*later).body.task == "t");
  CHECK(decode_message(with_more(schema_version)).error().detail
        == "/signature: unknown field");
  CHECK(decode_message(with_more(schema_version + 256)).error().detail
        == "/header/version: schema version 2.0, expected 1.x");
}

TEST_CASE("a later minor version cannot have other values",
          "[message_variant]") {
  const auto refusal = [](std::string_view type, js::value body) {
    auto json = js::parse(sample).as_object();
    json["type"] = type;
    json["header"] = {{"version", schema_version + 1}};
    json["body"] = std::move(body);
    return refusal_of(json);
  };
  CHECK(refusal("perform_magic", js::object{})
            .starts_with("/type: unknown name 'perform_magic'"));
  CHECK(refusal("perform_task", {{"level", "guru"}})
            .starts_with("/body/level: unknown name 'guru'"));
  CHECK(refusal("describe_account", js::object{})
        == "/body/path: missing field");
}

TEST_CASE("a message beyond its limits is refused", "[message_variant]") {
  json_limits limits;
  limits.bytes_max = sample.size() - 1;
  const auto read = decode_message(sample, limits);
  REQUIRE(read.has_error());
  CHECK(read.error().code == errc::limit_exceeded);
}

} // namespace troupe::protocol
