// What does it cost to write a message and to read it, in its binary form, in
// JSON and in XML?
//
// A small, a medium and a large message. Floors in the same run: a copy of the
// same bytes (memcpy); CAF's own serialisers, which have no frame and check
// little; and what the parsers below us take for the same text when nothing is
// made of it: Boost.JSON into its value and back, libxml2's SAX parser with
// empty handlers. MB/s are of the form's own bytes, so forms compare by the
// microseconds a message.
#include "measure.hpp"

#include <troupe/actors/binary_message.hpp>
#include <troupe/protocol/xml_schema.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <functional>
#include <libxml/parser.h>

namespace {

using namespace troupe::benchmarks;
using namespace troupe::protocol;

/// A request whose body is about `bytes` of prose, in inputs of 2,000.
request<perform_task> message_of(std::size_t bytes) {
  const std::string sentence =
      "The caravan \"left\" Timbuktu <at dawn> & carried 40 bars of salt.\n";
  std::string prose;
  while (prose.size() < std::min<std::size_t>(bytes, 2'000))
    prose += sentence;
  request<perform_task> made;
  id_source ids{7};
  const instant now{std::chrono::hours{500'000}};
  made.head.message = ids.next(now);
  made.head.trace = ids.next(now);
  made.head.from = "coordinator";
  made.head.to = "writer";
  made.head.deadline = now + std::chrono::minutes{5};
  made.body.task = "summary";
  made.body.prompt = "Summarise the report in three sentences.";
  made.body.account = "default/weekly/summary";
  made.body.level = tier::advanced;
  for (std::size_t done = 0; done < bytes; done += prose.size())
    made.body.inputs.push_back(
        {"part-" + std::to_string(made.body.inputs.size()), prose});
  return made;
}

using message = request<perform_task>;
using action = std::function<void()>;

/// One thing that is measured, for one message.
struct row {
  std::string what;
  std::size_t bytes; ///< That it reads or writes each time.
  action run;
  std::vector<double> us;
};

std::vector<char> caf_bytes(message value) {
  std::vector<char> bytes;
  caf::binary_serializer sink{nullptr, bytes};
  if (sink(value))
    wrong("CAF does not write the message");
  return bytes;
}

message from_caf_bytes(const std::vector<char>& bytes) {
  message read;
  caf::binary_deserializer source{nullptr, bytes};
  if (source(read))
    wrong("CAF does not read the message");
  return read;
}

void parse_with_libxml2_alone(const std::string& text) {
  xmlSAXHandler nothing{};
  nothing.initialized = XML_SAX2_MAGIC;
  if (xmlSAXUserParseMemory(&nothing, nullptr, text.data(),
                            static_cast<int>(text.size()))
      != 0)
    wrong("libxml2 does not read the message");
}

std::vector<std::byte> binary_form(const any_message& sent) {
  auto bytes = troupe::actors::write_binary(sent);
  if (!bytes)
    wrong(bytes.error().detail);
  return std::move(*bytes);
}

/// Microseconds of one run, over as many as take two milliseconds.
double time_of(const action& run) {
  std::size_t count = 1;
  for (;;) {
    const auto begin = seconds_now();
    for (std::size_t i = 0; i < count; ++i)
      run();
    const auto took = seconds_now() - begin;
    if (took > 0.002)
      return took * 1e6 / static_cast<double>(count);
    count *= 2;
  }
}

/// Keeps a result from being optimised away.
volatile std::size_t sink_of_sizes = 0;

/// The texts and bytes of one message.
struct forms {
  message sent;
  any_message any;
  std::vector<char> caf;
  std::vector<std::byte> binary;
  std::string json;
  std::string xml;

  explicit forms(const message& value)
      : sent(value), any(value), caf(caf_bytes(value)),
        binary(binary_form(any)), json(encode_message(value)),
        xml(message_to_xml(value)) {
    if (from_caf_bytes(caf) != sent
        || *troupe::actors::read_binary(binary) != any
        || *decode_message(json) != any || *message_from_xml(xml) != any)
      wrong("a message does not come back as it was");
  }
};

template <class T>
void keep(const T& made) {
  sink_of_sizes = made.size();
}

std::vector<row> binary_rows(const forms& of) {
  const auto target = std::make_shared<std::string>(of.xml);
  return {
      {"floor: memcpy of the XML",
       of.xml.size(),
       [=] { std::memcpy(target->data(), of.xml.data(), of.xml.size()); },
       {}},
      {"floor: CAF serializer",
       of.caf.size(),
       [=] { keep(caf_bytes(of.sent)); },
       {}},
      {"binary write",
       of.binary.size(),
       [=] { keep(binary_form(of.any)); },
       {}},
      {"floor: CAF deserializer",
       of.caf.size(),
       [=] { keep(from_caf_bytes(of.caf).body.inputs); },
       {}},
      {"binary read",
       of.binary.size(),
       [=] { sink_of_sizes = troupe::actors::read_binary(of.binary)->index(); },
       {}},
  };
}

std::vector<row> json_rows(const forms& of) {
  const auto value = boost::json::parse(of.json);
  return {
      {"floor: Boost.JSON serialize",
       of.json.size(),
       [=] { keep(boost::json::serialize(value)); },
       {}},
      {"JSON write", of.json.size(), [=] { keep(encode_message(of.any)); }, {}},
      {"floor: Boost.JSON parse",
       of.json.size(),
       [=] { keep(boost::json::parse(of.json).as_object()); },
       {}},
      {"JSON read",
       of.json.size(),
       [=] { sink_of_sizes = decode_message(of.json)->index(); },
       {}},
  };
}

std::vector<row> xml_rows(const forms& of, xml_validator& validator) {
  return {
      {"XML write", of.xml.size(), [=] { keep(message_to_xml(of.any)); }, {}},
      {"floor: libxml2 parse",
       of.xml.size(),
       [=] { parse_with_libxml2_alone(of.xml); },
       {}},
      {"XML read",
       of.xml.size(),
       [=] { sink_of_sizes = message_from_xml(of.xml)->index(); },
       {}},
      {"XSD validation",
       of.xml.size(),
       [=, &validator] { sink_of_sizes = validator.check(of.xml) ? 1 : 0; },
       {}},
  };
}

std::vector<row> rows_of(const forms& of, xml_validator& validator) {
  auto rows = binary_rows(of);
  for (auto& each : json_rows(of))
    rows.push_back(std::move(each));
  for (auto& each : xml_rows(of, validator))
    rows.push_back(std::move(each));
  return rows;
}

double median_of(const std::vector<row>& rows, std::string_view what) {
  for (const auto& each : rows)
    if (each.what == what)
      return spread_of(each.us).median;
  return 0;
}

void print(const char* title, const std::vector<row>& rows) {
  std::printf("%s:\n", title);
  for (const auto& each : rows) {
    const auto time = spread_of(each.us);
    char note[80];
    std::snprintf(note, sizeof note, "%zu bytes, %.1f MB/s", each.bytes,
                  static_cast<double>(each.bytes) / time.median);
    print_row("  " + each.what, time, "us", note);
  }
  for (const auto& [what, floor] :
       {std::pair{"binary write", "floor: CAF serializer"},
        std::pair{"binary read", "floor: CAF deserializer"},
        std::pair{"JSON write", "floor: Boost.JSON serialize"},
        std::pair{"JSON read", "floor: Boost.JSON parse"},
        std::pair{"XML read", "floor: libxml2 parse"}})
    std::printf("  %s / its floor: %.2f times\n", what,
                median_of(rows, what) / median_of(rows, floor));
}

} // namespace

int main(int argc, char** argv) {
  const options option{
      argc,
      argv,
      "What does it cost to write and to read a message in its binary form, "
      "JSON and XML?\nSome 4 seconds.",
      {{"rounds", 15, "measurements that each figure is made of"}}};
  print_machine();
  auto validator = xml_validator::create(message_xsd().value());
  if (!validator)
    wrong(validator.error().detail);
  for (const auto& [title, bytes] :
       {std::pair{"small message", 0UL}, std::pair{"medium message", 2'000UL},
        std::pair{"large message", 200'000UL}}) {
    auto rows = rows_of(forms{message_of(bytes)}, *validator);
    for (std::int64_t i = 0; i < std::max<std::int64_t>(option["rounds"], 1);
         ++i)
      for (auto& each : rows)
        each.us.push_back(time_of(each.run));
    print(title, rows);
  }
  return 0;
}
