#include "routing_data.hpp"

#include "measure.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

namespace troupe::benchmarks {

namespace {

namespace json = boost::json;

struct listed_model {
  std::string_view name;
  double input; ///< USD per million tokens.
  double output;
};

constexpr std::array<listed_model, 19> listed{{
    {"Meta-Llama-3-70B-Instruct", 0.88, 0.88},
    {"Meta-Llama-3-8B-Instruct", 0.18, 0.18},
    {"Meta-Llama-3.1-405B-Instruct@hyperbolic", 3.5, 3.5},
    {"Meta-Llama-3.1-70B-Instruct", 0.88, 0.88},
    {"Meta-Llama-3.1-8B-Instruct", 0.18, 0.18},
    {"Mistral-Large-2", 2, 6},
    {"Qwen2-72B-Instruct", 0.9, 0.9},
    {"claude-3-5-haiku-20241022", 0.8, 4},
    {"claude-3-5-sonnet-20240620", 3, 15},
    {"claude-3-5-sonnet-20241022", 3, 15},
    {"claude-3-haiku-20240307", 0.25, 1.25},
    {"claude-3-opus-20240229", 15, 75},
    {"deepseek-v2.5-0908", 0.14, 0.28},
    {"gemini-1.5-flash", 0.075, 0.3},
    {"gemini-1.5-pro", 1.25, 5},
    {"gpt-3.5-turbo-0125", 0.5, 1.5},
    {"gpt-4o-2024-05-13", 5, 15},
    {"gpt-4o-2024-08-06", 2.5, 10},
    {"gpt-4o-mini-2024-07-18", 0.15, 0.6},
}};

using answers = std::map<std::string, std::pair<double, double>>;

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> all{{}};
  for (const char c : line)
    if (c == ',')
      all.emplace_back();
    else if (c != '\r')
      all.back() += c;
  return all;
}

/// The rows behind the heading, for as many columns as are asked for.
std::vector<std::vector<std::string>> read_csv(const std::string& path,
                                               std::size_t columns) {
  std::ifstream file(path);
  std::vector<std::vector<std::string>> rows;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line))
    if (auto cells = cells_of(line); cells.size() >= columns)
      rows.push_back(std::move(cells));
  return rows;
}

/// Each line's object.
std::vector<json::object> read_lines(const std::string& path) {
  std::ifstream file(path);
  std::vector<json::object> all;
  for (std::string line; std::getline(file, line);) {
    boost::system::error_code failed;
    auto value = json::parse(line, failed);
    if (failed || !value.is_object())
      wrong("a line of " + path + " is no JSON object");
    all.push_back(std::move(value.as_object()));
  }
  return all;
}

std::string text_at(const json::object& from, std::string_view key) {
  const auto* text = from.at(key).if_string();
  return text == nullptr ? std::string{} : std::string{*text};
}

std::size_t number_of(std::vector<std::string>& names,
                      const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end())
    return static_cast<std::size_t>(found - names.begin());
  names.push_back(name);
  return names.size() - 1;
}

/// Adds the prompt if all models have answered it.
void add(routing_data& to, const std::string& type, std::string text,
         const answers& of) {
  routed_prompt made;
  for (const auto& model : to.models) {
    const auto found = of.find(model);
    if (found == of.end())
      return;
    made.quality.push_back(found->second.first);
    made.cost.push_back(found->second.second);
  }
  made.type = number_of(to.types, type);
  made.text = std::move(text);
  to.prompts.push_back(std::move(made));
}

void add_task(routing_data& to, const std::string& folder,
              const std::string& task) {
  // What was written, until the prompt's length is known.
  std::map<std::string, answers> by_item;
  for (const auto& row : read_csv(folder + "/" + task + ".replay.csv", 4))
    by_item[row[0]][row[1]] = {std::strtod(row[2].c_str(), nullptr),
                               std::strtod(row[3].c_str(), nullptr)};
  for (const auto& item : read_lines(folder + "/" + task + ".items.jsonl")) {
    auto& of = by_item[std::to_string(item.at("i").to_number<int>())];
    const auto prompt = item.at("prompt_tokens").to_number<double>();
    for (const auto& model : listed)
      if (const auto it = of.find(std::string{model.name}); it != of.end())
        it->second.second =
            (prompt * model.input + it->second.second * model.output) / 1'000;
    add(to, task, text_at(item, "question"), of);
  }
}

/// Its many subjects are one type; what has few prompts is another.
std::string type_of(const std::string& eval) {
  constexpr std::array<std::string_view, 5> kept{
      "arc-challenge", "grade-school-math", "hellaswag", "mbpp", "winogrande"};
  if (eval.starts_with("mmlu"))
    return "mmlu";
  return std::find(kept.begin(), kept.end(), eval) == kept.end() ? "other"
                                                                 : eval;
}

} // namespace

routing_data read_zeroeval(const std::string& folder) {
  routing_data out{"zeroeval", {}, {}, {}};
  for (const auto& it : listed)
    out.models.emplace_back(it.name);
  for (const auto* task : {"gsm", "crux", "math-l5"})
    add_task(out, folder, task);
  return out;
}

routing_data read_routerbench(const std::string& folder) {
  routing_data out{"routerbench", {}, {}, {}};
  std::map<std::string, answers> by_prompt;
  for (const auto& row : read_csv(folder + "/outcomes.csv", 6)) {
    if (row[4].empty() || row[5].empty())
      continue;
    number_of(out.models, row[3]);
    by_prompt[row[0]][row[3]] = {std::strtod(row[4].c_str(), nullptr),
                                 1'000 * std::strtod(row[5].c_str(), nullptr)};
  }
  for (const auto& prompt : read_lines(folder + "/prompts.jsonl"))
    add(out, type_of(text_at(prompt, "eval_name")), text_at(prompt, "prompt"),
        by_prompt[text_at(prompt, "sample_id")]);
  return out;
}

} // namespace troupe::benchmarks
