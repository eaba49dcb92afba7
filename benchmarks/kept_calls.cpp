// What does a growing conversation cost to keep, and how fast is it gone on
// with?
//
// Conversations of 10 to 10,000 calls of a model, each kept in a file with a
// commit of its own: the bytes of the file, and the time from opening it to a
// conversation that can make its next call. Each turn adds an answer of the
// model and what a tool gave; whoever keeps the whole of it each time grows
// with the square.
#include "journal/journal_file.hpp"
#include "measure.hpp"

#include <troupe/actors/conversation.hpp>

#include <cstdio>
#include <filesystem>
#include <random>
#include <unistd.h>

namespace {

using namespace troupe::benchmarks;
namespace actors = troupe::actors;
namespace protocol = troupe::protocol;

constexpr protocol::id run{7, 1};

protocol::agent_spec writer() {
  protocol::agent_spec agent;
  agent.card.name = "writer";
  agent.turns_max = 1'000'000;
  return agent;
}

protocol::perform_task task() {
  protocol::perform_task it;
  it.task = "write";
  it.prompt = "Write a book.";
  return it;
}

class texts {
public:
  std::string of(std::size_t size) {
    std::string text(size, ' ');
    for (auto& c : text)
      c = static_cast<char>('a' + random_() % 26);
    return text;
  }

private:
  std::minstd_rand random_{1};
};

std::unique_ptr<troupe::store_journal> open(const std::string& file) {
  auto journal = troupe::open_journal_file(
      file, [] { return protocol::instant{std::chrono::hours{1}}; });
  if (!journal)
    wrong(journal.error().detail);
  return std::move(*journal);
}

/// One task whose attempt was begun, as the run's entries say.
std::vector<protocol::journal_entry> begun() {
  protocol::run_planned plan;
  plan.what.name = "book";
  plan.what.tasks.emplace_back().id = "write";
  plan.estimates.resize(1);
  return {{1, {}, plan},
          {2, {}, protocol::attempt_started{"write", 1, "writer", {}}}};
}

protocol::journal_entry interrupted() {
  protocol::attempt_ended end;
  end.task = "write";
  end.is_interrupted = true;
  return {3, {}, end};
}

void append(troupe::store_journal& to,
            std::vector<protocol::journal_entry> entries) {
  const actors::run_entries batch{run, std::move(entries)};
  if (!to.append({&batch, 1}).front())
    wrong("an entry was not kept");
}

struct figures {
  double bytes = 0;    ///< Of the file.
  double said = 0;     ///< Bytes of all texts that were said.
  double per_call = 0; ///< Microseconds to keep one.
  double recovery = 0; ///< Milliseconds.
};

/// Keeps a conversation of so many calls.
void keep(const std::string& file, std::size_t calls, std::size_t text,
          figures& to) {
  const auto journal = open(file);
  append(*journal, begun());
  actors::conversation talk{writer(), {}, task()};
  texts source;
  double took = 0;
  for (std::size_t i = 1; i <= calls; ++i) {
    protocol::model_reply reply;
    reply.model = "openai/gpt-4.1-mini";
    reply.provider = "openai";
    reply.content = {protocol::text_part{source.of(text)},
                     protocol::tool_call{"call", "look", std::to_string(i)}};
    reply.used = {100 * i, 0, 0, 0, text / 4, 0};
    reply.cost = protocol::money{static_cast<std::int64_t>(i)};
    actors::keep_call kept{run, talk.note(reply)};
    kept.what.task = "write";
    kept.what.agent = "writer";
    kept.what.call = {5, i};
    const auto begin = seconds_now();
    if (!journal->keep({}, {&kept, 1}).calls.front())
      wrong("a call was not kept");
    took += seconds_now() - begin;
    (void)talk.add_reply(std::move(reply));
    talk.add_tool_results({{"call", source.of(text), false}});
    to.said += static_cast<double>(2 * text);
  }
  to.per_call = took * 1e6 / static_cast<double>(calls);
  append(*journal, {interrupted()});
}

/// Milliseconds from the file to a conversation that can go on.
double recover(const std::string& file, std::size_t calls) {
  const auto begin = seconds_now();
  const auto journal = open(file);
  const auto past = journal->calls_before({run, "write", "writer", 2});
  if (!past || past->size() != calls)
    wrong("calls are missing");
  actors::conversation talk{writer(), {}, task()};
  if (!talk.go_on_behind(*past))
    wrong("the conversation does not go on");
  return (seconds_now() - begin) * 1e3;
}

figures measure(const std::filesystem::path& folder, std::size_t calls,
                std::size_t text) {
  figures it;
  const auto file = (folder / std::to_string(calls)).string();
  keep(file, calls, text, it);
  it.bytes = static_cast<double>(std::filesystem::file_size(file));
  std::vector<double> times;
  for (int i = 0; i < 3; ++i)
    times.push_back(recover(file, calls));
  it.recovery = spread_of(times).median;
  return it;
}

std::string bar(double share) {
  return std::string(static_cast<std::size_t>(share * 40 + 0.5), '#');
}

} // namespace

int main(int argc, char** argv) {
  const options option{
      argc,
      argv,
      "What does a growing conversation cost to keep, and how fast is it gone "
      "on with? Some seconds; writes files in the current folder.",
      {{"calls", 10'000, "of the longest conversation"},
       {"text", 1'000, "bytes of each answer and of what each tool gives"}}};
  print_machine();
  const auto folder = std::filesystem::current_path()
                      / ("troupe-kept-calls-" + std::to_string(getpid()));
  std::filesystem::create_directory(folder);
  const auto text = static_cast<std::size_t>(option["text"]);
  std::vector<std::pair<std::size_t, figures>> curve;
  for (const std::int64_t calls : {10, 30, 100, 300, 1'000, 3'000, 10'000})
    if (calls <= option["calls"])
      curve.emplace_back(
          static_cast<std::size_t>(calls),
          measure(folder, static_cast<std::size_t>(calls), text));
  std::printf("%8s %12s %12s %10s %10s %12s\n", "calls", "file bytes",
              "bytes/call", "of texts", "keep us", "recovery ms");
  for (const auto& [calls, it] : curve)
    std::printf("%8zu %12.0f %12.0f %10.2f %10.0f %12.2f\n", calls, it.bytes,
                it.bytes / static_cast<double>(calls), it.bytes / it.said,
                it.per_call, it.recovery);
  std::printf("\nbytes per call, and recovery per call; linear is level:\n");
  double bytes_max = 0;
  double time_max = 0;
  for (const auto& [calls, it] : curve) {
    bytes_max = std::max(bytes_max, it.bytes / static_cast<double>(calls));
    time_max = std::max(time_max, it.recovery / static_cast<double>(calls));
  }
  for (const auto& [calls, it] : curve)
    std::printf(
        "%8zu |%-40s|%-40s|\n", calls,
        bar(it.bytes / static_cast<double>(calls) / bytes_max).c_str(),
        bar(it.recovery / static_cast<double>(calls) / time_max).c_str());
  std::filesystem::remove_all(folder);
  return 0;
}
