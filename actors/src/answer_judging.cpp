// How another agent is asked to rate an answer, and how its rating is read.
#include "clip.hpp"
#include "schema_mark.hpp"
#include "text_digest_sentences.hpp"
#include "troupe/actors/answer_check.hpp"

#include <troupe/protocol/fingerprint.hpp>
#include <troupe/protocol/reference.hpp>

#include <charconv>

namespace troupe::actors {

namespace {

constexpr std::size_t task_bytes_max = 6'000;
constexpr std::size_t answer_bytes_max = 32'000;
constexpr std::size_t why_bytes_max = 2'000;

std::string quoted(const std::string& what, std::string_view text,
                   std::size_t bytes_max, const std::string& mark) {
  return "<" + what + " " + mark + ">\n" + std::string{clip(text, bytes_max)}
         + "\n</" + what + " " + mark + ">\n\n";
}

struct verdict {
  std::uint32_t permille = 0;
  std::string why;
};

std::optional<verdict> read_json(std::string_view said) {
  const auto json = protocol::json_in_answer(said);
  const auto* members = json ? json->if_object() : nullptr;
  const auto* score =
      members == nullptr ? nullptr : members->if_contains("score");
  if (score == nullptr || !score->is_number())
    return std::nullopt;
  const auto given = score->to_number<double>();
  if (!(given >= 0 && given <= 100))
    return std::nullopt;
  verdict it{static_cast<std::uint32_t>(given * 10), {}};
  if (const auto* why = members->if_contains("why"))
    it.why = protocol::text_of_value(*why);
  return it;
}

std::optional<verdict> read_words(std::string_view said) {
  const auto from = said.find_first_not_of(" \t\r\n*#");
  if (from == std::string_view::npos)
    return std::nullopt;
  said.remove_prefix(from);
  std::uint32_t score = 0;
  const auto read =
      std::from_chars(said.data(), said.data() + said.size(), score);
  if (read.ec != std::errc{} || score > 100)
    return std::nullopt;
  said.remove_prefix(static_cast<std::size_t>(read.ptr - said.data()));
  if (said.starts_with("/100"))
    said.remove_prefix(4);
  else if (!said.empty() && (said.front() == '/' || said.front() == '%'))
    return std::nullopt;
  return verdict{score * 10, std::string{trim(said)}};
}

} // namespace

std::string judge_question(const protocol::task_spec& task,
                           std::string_view prompt, std::string_view output) {
  protocol::fingerprint_builder mix;
  mix.add(prompt);
  mix.add(output);
  const auto mark = to_string(mix.finish());
  const auto& asked = task.gate.judge.prompt;
  return std::string{judge_mark} + quoted("task", prompt, task_bytes_max, mark)
         + quoted("answer", output, answer_bytes_max, mark)
         + (asked.empty() ? "Rate how well the answer does what the task asks "
                            "for."
                          : asked)
         + "\nAnswer with a whole number from 0 (of no use) to 100 (nothing is "
           "left to improve) first, then say in a few words what is missing.";
}

std::optional<std::string> read_verdict(const protocol::judge_spec& judge,
                                        std::string_view said) {
  auto it = read_json(said);
  if (!it)
    it = read_words(said);
  if (!it)
    return "The judge's answer cannot be read as a rating.";
  if (it->permille >= judge.pass_permille)
    return std::nullopt;
  return "The judge gave " + std::to_string(it->permille) + " of 1000, "
         + std::to_string(judge.pass_permille) + " are needed"
         + (it->why.empty() ? std::string{"."}
                            : ": " + std::string{clip(it->why, why_bytes_max)});
}

} // namespace troupe::actors
