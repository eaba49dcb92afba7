#include "troupe/actors/answer_check.hpp"

#include "clip.hpp"
#include "text_digest_sentences.hpp"
#include "troupe/actors/gate.hpp"

#include <troupe/protocol/reference.hpp>
#include <troupe/protocol/schema_check.hpp>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <map>

namespace troupe::actors {

namespace {

using protocol::errc;
using protocol::fail;

std::string findings_of(const std::vector<std::string>& all) {
  std::string text;
  for (const auto& it : all)
    text += (text.empty() ? "" : "; ") + it;
  return text;
}

std::optional<std::string> check_schema(const std::string& schema,
                                        std::string_view output) {
  const auto read = protocol::json_schema::parse(schema);
  if (!read)
    return read.error().detail;
  const auto value = protocol::json_in_answer(output);
  if (!value)
    return "The answer is not one JSON value.";
  if (const auto wrong = read->check(*value); !wrong.empty())
    return "The answer is not as its schema asks: " + findings_of(wrong) + ".";
  return std::nullopt;
}

std::optional<std::string> check_pattern(const std::string& pattern,
                                         std::string_view output) {
  const auto found = protocol::is_found(pattern, output);
  if (!found)
    return found.error().detail;
  if (!*found)
    return "The answer does not match '" + std::string{clip(pattern, 200)}
           + "'.";
  return std::nullopt;
}

/// Equal for answers that count as the same.
std::string folded(std::string_view text) {
  if (const auto json = protocol::json_in_answer(text);
      json && !json->is_string())
    return boost::json::serialize(*json);
  auto line = one_line(text);
  std::transform(line.begin(), line.end(), line.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  while (!line.empty() && (line.back() == '.' || line.back() == '!'))
    line.pop_back();
  return line;
}

} // namespace

std::optional<std::string>
check_answer(const protocol::task_spec& task, std::string_view output,
             const std::vector<protocol::task_input>& inputs) {
  std::string all;
  const auto add = [&](const std::optional<std::string>& finding) {
    if (finding)
      all += (all.empty() ? "" : " ") + *finding;
  };
  if (!task.output_schema.empty())
    add(check_schema(task.output_schema, output));
  if (!task.gate.matches.empty())
    add(check_pattern(task.gate.matches, output));
  add(check_gate(task.gate, output, inputs));
  if (all.empty())
    return std::nullopt;
  return all;
}

bool needs_others(const protocol::gate_spec& gate) noexcept {
  return !gate.tool.empty() || !gate.judge.agent.empty();
}

agreement_outcome
agree(const protocol::agreement_spec& spec,
      std::vector<protocol::result<protocol::task_result>> answers) {
  struct camp {
    std::size_t votes = 0;
    std::size_t first = 0;
  };
  const auto needed = spec.at_least == 0 ? spec.of / 2 + 1 : spec.at_least;
  std::map<std::string, camp> camps;
  std::size_t given = 0;
  const camp* best = nullptr;
  agreement_outcome made;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (!answers[i]) {
      made.failure = answers[i].error();
      continue;
    }
    ++given;
    protocol::add_use(made.outcome, *answers[i]);
    made.outcome.model = answers[i]->model;
    auto& it = camps[folded(answers[i]->output)];
    if (it.votes++ == 0)
      it.first = i;
    if (best == nullptr || it.votes > best->votes)
      best = &it;
  }
  if (best != nullptr && best->votes >= needed) {
    made.failure.reset();
    made.outcome.output = answers[best->first]->output;
    made.outcome.last_call = answers[best->first]->last_call;
  } else if (given >= needed || !made.failure) {
    made.failure = fail(errc::gate_failed,
                        "Of " + std::to_string(given) + " answers at most "
                            + std::to_string(best == nullptr ? 0 : best->votes)
                            + " agree; " + std::to_string(needed) + " must.");
  }
  return made;
}

} // namespace troupe::actors
