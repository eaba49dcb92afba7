// Does a question in free text find the right agent, how little of the roster
// must be read for it, and what does it cost?
//
// The questions of data/discovery_tasks.tsv were phrased by hand, each with the
// agent of examples/roster that should do it. Tokens are estimated, of the
// cards' JSON as an orchestrator would read it. The floor is a look at every
// card without an index.
#include "measure.hpp"

#include <troupe/actors/registry_rules.hpp>
#include <troupe/protocol/json.hpp>
#include <troupe/protocol/token_counter.hpp>
#include <troupe/runtime/roster.hpp>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstdio>
#include <fstream>

namespace {

using namespace troupe::benchmarks;
namespace protocol = troupe::protocol;
namespace actors = troupe::actors;

struct wish {
  std::string agent;
  std::string text;
};

std::vector<wish> read_wishes() {
  std::ifstream file{TROUPE_SOURCE_DIR "/benchmarks/data/discovery_tasks.tsv"};
  std::vector<wish> all;
  for (std::string line; std::getline(file, line);) {
    const auto tab = line.find('\t');
    if (!line.starts_with('#') && tab != std::string::npos)
      all.push_back({line.substr(0, tab), line.substr(tab + 1)});
  }
  if (all.empty())
    wrong("benchmarks/data/discovery_tasks.tsv has no tasks");
  return all;
}

std::vector<protocol::agent_card> read_roster() {
  const auto roster = troupe::load_roster(TROUPE_SOURCE_DIR "/examples/roster");
  if (!roster.problems.empty() || roster.agents.empty())
    wrong("examples/roster cannot be read");
  std::vector<protocol::agent_card> cards;
  for (const auto& it : roster.agents)
    cards.push_back(it.card);
  return cards;
}

actors::registry_rules
registry_of(const std::vector<protocol::agent_card>& cards) {
  actors::registry_rules rules{cards.size()};
  for (const auto& it : cards)
    if (!rules.add(it))
      wrong("a card was refused");
  return rules;
}

/// The roster again and again under other names. The words keep the share of
/// the cards that they have in the roster, which is the worst case: with more
/// agents come more skills.
std::vector<protocol::agent_card>
multiplied(const std::vector<protocol::agent_card>& cards, std::size_t count) {
  std::vector<protocol::agent_card> all;
  all.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    all.push_back(cards[i % cards.size()]);
    if (i >= cards.size())
      all.back().name += "-" + std::to_string(i / cards.size());
  }
  return all;
}

std::uint64_t tokens_of(const protocol::agent_card& card) {
  static const protocol::token_estimator counter;
  return counter.count(boost::json::serialize(protocol::to_json(card)));
}

protocol::discover_agents question(const std::string& text,
                                   std::uint32_t count) {
  protocol::discover_agents ask;
  ask.text = text;
  ask.count_max = count;
  return ask;
}

void print_recall(const std::vector<protocol::agent_card>& cards,
                  const std::vector<wish>& wishes) {
  auto rules = registry_of(cards);
  std::uint64_t all_tokens = 0;
  for (const auto& it : cards)
    all_tokens += tokens_of(it);
  std::printf("%zu agents, %zu tasks; all cards: %llu tokens\n", cards.size(),
              wishes.size(), static_cast<unsigned long long>(all_tokens));
  for (const std::uint32_t count : {1U, 3U, 5U}) {
    std::size_t hits = 0;
    std::vector<double> shares;
    for (const auto& it : wishes) {
      const auto found = rules.find(question(it.text, count));
      std::uint64_t tokens = 0;
      if (found)
        for (const auto& match : *found) {
          tokens += tokens_of(*match.card);
          hits += match.card->name == it.agent ? 1U : 0U;
        }
      shares.push_back(100.0 * static_cast<double>(tokens)
                       / static_cast<double>(all_tokens));
    }
    const auto share = spread_of(shares);
    std::printf("recall@%u: %.1f %% (%zu of %zu)\n", count,
                100.0 * static_cast<double>(hits)
                    / static_cast<double>(wishes.size()),
                hits, wishes.size());
    print_row("  tokens of the answer", share, "% of all cards");
    if (count == 3)
      print_goal("  C5: tokens, at most", share.max, 10, "%");
  }
}

/// The floor: every card is looked at for one word of the question.
std::size_t scan(const std::vector<protocol::agent_card>& cards,
                 const std::string& text) {
  const auto word = text.substr(text.rfind(' ') + 1);
  return static_cast<std::size_t>(
      std::count_if(cards.begin(), cards.end(), [&](const auto& it) {
        return it.description.find(word) != std::string::npos;
      }));
}

void print_speed(const std::vector<protocol::agent_card>& roster,
                 const std::vector<wish>& wishes, std::size_t count,
                 std::int64_t rounds) {
  const auto cards = multiplied(roster, count);
  const auto begin = seconds_now();
  auto rules = registry_of(cards);
  const auto known = seconds_now();
  if (!rules.find(question(wishes.front().text, 5)))
    wrong("nothing was found");
  const auto indexed = seconds_now();
  std::vector<double> times, floors;
  std::size_t seen = 0;
  for (std::int64_t i = 0; i < rounds; ++i)
    for (const auto& it : wishes) {
      const auto start = seconds_now();
      const auto found = rules.find(question(it.text, 5));
      const auto middle = seconds_now();
      seen += scan(cards, it.text) + (found ? found->size() : 0);
      floors.push_back((seconds_now() - middle) * 1e6);
      times.push_back((middle - start) * 1e6);
    }
  if (seen == 0)
    wrong("nothing was found");
  std::printf("%zu agents: registered in %.1f ms, first question (makes the "
              "index) %.1f ms\n",
              count, (known - begin) * 1e3, (indexed - known) * 1e3);
  print_row("  question", spread_of(times), "us");
  print_row("  floor: a look at every card", spread_of(floors), "us");
  std::printf("  ratio %.2f\n",
              spread_of(times).median / spread_of(floors).median);
}

} // namespace

int main(int argc, char** argv) {
  const options option{
      argc,
      argv,
      "Does free text find the right agent, how little must be read, and what "
      "does it\ncost? Some 10 seconds.",
      {{"rounds", 3, "times that each question is asked"},
       {"agents", 100'000, "of the largest registry"}}};
  print_machine();
  const auto roster = read_roster();
  const auto wishes = read_wishes();
  print_recall(roster, wishes);
  const auto rounds = std::max<std::int64_t>(option["rounds"], 1);
  const auto most = static_cast<std::size_t>(
      std::clamp<std::int64_t>(option["agents"], 1, 2'000'000));
  for (const auto count : {roster.size(), std::size_t{2'000}, most})
    print_speed(roster, wishes, count, rounds);
  return 0;
}
