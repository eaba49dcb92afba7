#pragma once

#include "support/runtime/fake_upstream.hpp"
#include "troupe/runtime/provider_config.hpp"

#include <troupe/protocol/result.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

/// What providers and the networks before them do wrong, byte for byte.
namespace troupe::test {

/// One way to answer a call, and what must become of the call.
struct fault {
  std::string name;
  scripted_reply reply;
  /// How the call ends when there is nobody else to ask; none: well.
  std::optional<protocol::errc> code;
  bool may_be_billed = true; ///< What was set aside stays spent as `unknown`.
  bool is_committed = false; ///< A piece was told: nobody else is asked.
  std::chrono::milliseconds wait{}; ///< That the provider asks for.
  bool is_slow = false;             ///< Ends by a limit of time only.
};

/// The same events and answers in both forms.
struct answer_form {
  provider_kind kind = provider_kind::openai_chat;
  std::string piece; ///< Events with a first piece of text.
  std::string tool;  ///< Events with a first piece of a tool call.
  std::string error; ///< An event with an error.
  std::string more;  ///< An event with one character more.
  std::string end;   ///< Events with the end and a usage.
  std::string whole; ///< An answer in one piece.
};

[[nodiscard]] answer_form openai_form();
[[nodiscard]] answer_form anthropic_form();

/// A status other than 200, with every form of a wait.
[[nodiscard]] std::vector<fault> refusals();
/// An error inside a 200.
[[nodiscard]] std::vector<fault> hidden_errors(const answer_form& form);
/// Answers that are cut, by a farewell and by a reset.
[[nodiscard]] std::vector<fault> cuts(const answer_form& form);
/// Answers that stop, or never begin.
[[nodiscard]] std::vector<fault> hangs(const answer_form& form);
/// Above a bound of ours.
[[nodiscard]] std::vector<fault> giants(const answer_form& form);
/// Not HTTP, or not the framing of one answer.
[[nodiscard]] std::vector<fault> framing(const answer_form& form);
/// Not the JSON that was asked for.
[[nodiscard]] std::vector<fault> garbage(const answer_form& form);
/// Strange, but answers.
[[nodiscard]] std::vector<fault> oddities(const answer_form& form);

} // namespace troupe::test
