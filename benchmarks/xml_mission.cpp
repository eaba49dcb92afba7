// What would it cost a mission to carry all its messages as XML that is checked
// against the schema?
//
// A mission of the examples runs with simulated models and is recorded. Then
// every message of it is written as XML, checked against the XSD and read
// again, one after the other; the time of that is compared with the mission's
// own, as if nothing of it could be done while models think. Models answer ten
// times as fast as real ones unless --pace says otherwise.
#include "measure.hpp"

#include <troupe/protocol/message_variant.hpp>
#include <troupe/protocol/xml.hpp>
#include <troupe/protocol/xml_schema.hpp>
#include <troupe/runtime/mission_file.hpp>
#include <troupe/runtime/runtime.hpp>

#include <cstdio>

namespace {

using namespace troupe::benchmarks;
namespace protocol = troupe::protocol;

constexpr double share_goal = 0.05;

struct recorded_run {
  double seconds = 0;
  std::vector<protocol::any_message> messages;
};

void take_messages(const troupe::runtime& host, protocol::id run,
                   recorded_run& out) {
  protocol::find_messages ask;
  ask.conversation = run;
  ask.count_max = 1'000;
  for (;;) {
    const auto page = host.messages(ask);
    if (!page)
      wrong(page.error().detail);
    for (const auto& it : page->messages) {
      auto message = protocol::decode_message(to_line(it));
      if (!message)
        wrong(message.error().detail);
      out.messages.push_back(std::move(*message));
    }
    if (!page->has_more)
      return;
    ask.after = page->reached;
  }
}

recorded_run run(const protocol::mission& mission, std::uint32_t pace) {
  troupe::runtime_config config;
  config.simulated.latency_scale_permille = pace;
  config.history.enabled = true;
  config.log.level = troupe::log_level::off;
  auto host = troupe::runtime::create(config);
  if (!host)
    wrong(host.error().detail);
  const auto begin = seconds_now();
  const auto report = host->run(mission);
  recorded_run out;
  out.seconds = seconds_now() - begin;
  if (!report || report->state != protocol::run_state::done)
    wrong("the mission did not end well");
  take_messages(*host, report->run, out);
  return out;
}

/// Seconds for all messages, by step.
struct cost {
  double writing = 0;
  double checking = 0;
  double reading = 0;
  std::size_t bytes = 0;
};

cost carry(const std::vector<protocol::any_message>& messages,
           protocol::xml_validator& schema) {
  cost all;
  for (const auto& it : messages) {
    const auto begin = seconds_now();
    const auto text = message_to_xml(it);
    const auto written = seconds_now();
    const auto problem = schema.check(text);
    const auto checked = seconds_now();
    const auto back = protocol::message_from_xml(text);
    const auto read = seconds_now();
    if (problem)
      wrong(problem->detail);
    if (!back || *back != it)
      wrong("a message came back as another");
    all.writing += written - begin;
    all.checking += checked - written;
    all.reading += read - checked;
    all.bytes += text.size();
  }
  return all;
}

} // namespace

int main(int argc, char** argv) {
  const options option{argc,
                       argv,
                       "What would it cost a mission to carry all its messages "
                       "as XML that is checked? Half a minute.",
                       {{"rounds", 3, "missions"},
                        {"pace", 100, "permille of a real model's time"}}};
  print_machine();
  const auto loaded = troupe::load_mission(TROUPE_SOURCE_DIR
                                           "/examples/missions/crew-of-8.yaml");
  if (!loaded.mission)
    wrong(to_text(loaded.problems));
  auto schema = protocol::xml_validator::create(*protocol::message_xsd());
  if (!schema)
    wrong(schema.error().detail);
  std::vector<double> wall, writing, checking, reading, share, size;
  for (std::int64_t i = 0; i < option["rounds"]; ++i) {
    const auto mission =
        run(*loaded.mission, static_cast<std::uint32_t>(option["pace"]));
    const auto all = carry(mission.messages, *schema);
    const auto n = static_cast<double>(mission.messages.size());
    wall.push_back(mission.seconds * 1e3);
    writing.push_back(all.writing * 1e6 / n);
    checking.push_back(all.checking * 1e6 / n);
    reading.push_back(all.reading * 1e6 / n);
    size.push_back(static_cast<double>(all.bytes) / n);
    share.push_back((all.writing + all.checking + all.reading)
                    / mission.seconds);
    std::printf("round %lld: %zu messages\n", static_cast<long long>(i + 1),
                mission.messages.size());
  }
  print_row("the mission", spread_of(wall), "ms");
  print_row("writing, a message", spread_of(writing), "us");
  print_row("checking by the schema, a message", spread_of(checking), "us");
  print_row("reading, a message", spread_of(reading), "us");
  print_row("size, a message", spread_of(size), "bytes");
  print_row("XML / mission", spread_of(share), "times");
  print_goal("XML / mission", spread_of(share).median, share_goal, "times");
}
