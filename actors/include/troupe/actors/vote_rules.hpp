#pragma once

#include <troupe/protocol/result.hpp>
#include <troupe/protocol/vote.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace troupe::actors {

/// Counts one vote: one voice per voter, a quorum of equal voices, nothing in
/// place of a decision. Who a vote really comes from is the caller's to know.
/// Not thread-safe.
class vote_rules {
public:
  enum class verdict {
    counted,
    repeated,    ///< The same vote again; counts once.
    equivocated, ///< Another option than before; none of its votes counts.
    late,        ///< The vote has ended.
    foreign,     ///< Another proposal, round or hash.
    stranger,    ///< Not a voter, or not in its own name.
    unknown,     ///< Not an option of this vote.
  };

  /// Errors: `invalid_request` (hash, options, quorum, voters).
  static protocol::result<vote_rules>
  open(protocol::call_vote call, const std::vector<std::string>& voters);

  /// Takes a vote in that was cast by the voter called `from`.
  verdict cast(const protocol::cast_vote& vote, const std::string& from,
               protocol::instant now);

  /// The voter can vote no more; what it has said stays.
  void leave(const std::string& voter);

  /// Ends the vote when its deadline has passed.
  void expire(protocol::instant now);

  /// Nothing while the vote is open; then always the same.
  [[nodiscard]] const std::optional<protocol::vote_result>&
  result() const noexcept {
    return result_;
  }

  [[nodiscard]] const protocol::call_vote& call() const noexcept {
    return call_;
  }

private:
  struct voter {
    std::string name;
    std::string provider;
    int option = -1; ///< Of `call_.options`; -1: none.
    bool has_equivocated = false;
    bool has_left = false;
  };

  explicit vote_rules(protocol::call_vote call) : call_(std::move(call)) {}

  [[nodiscard]] voter* find(const std::string& name);
  [[nodiscard]] int option_of(const std::string& text) const;
  [[nodiscard]] std::vector<std::uint32_t> counts() const;
  void end_if_settled();
  void end(protocol::vote_state state);
  [[nodiscard]] std::uint32_t providers_of(int option) const;

  protocol::call_vote call_;
  std::vector<voter> voters_; ///< By rising name.
  std::optional<protocol::vote_result> result_;
};

} // namespace troupe::actors
