#pragma once

#include <troupe/protocol/agent.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace troupe::actors {

/// Finds agents by free text: an inverted index over name, skills, tags and
/// description of cards, ranked by BM25 with weighted fields (S. Robertson,
/// H. Zaragoza, M. Taylor, "Simple BM25 extension to multiple weighted fields",
/// CIKM 2004). Whole numbers throughout, so that every machine ranks alike.
/// Of a card 512 words count, of a question 64. Not thread-safe.
class agent_index {
public:
  struct hit {
    const protocol::agent_card* card = nullptr;
    std::uint64_t score = 0; ///< Comparable within one answer only.
    /// 0 to 999: how much of the question the card covers, by the weight of its
    /// words; a rare word weighs more.
    std::uint32_t permille = 0;
  };
  using filter = std::function<bool(const protocol::agent_card&)>;

  /// `card` must stay where it is, unchanged, until it is removed.
  /// Adding one twice has no effect.
  void add(const protocol::agent_card& card);

  /// Unknown cards: no effect.
  void remove(const protocol::agent_card& card);

  /// The best cards that pass, with a score above 0: by score, then the cheaper
  /// tier, then the name. Cost: the number of cards with some word in common.
  [[nodiscard]] std::vector<hit> search(std::string_view text,
                                        const filter& passes,
                                        std::size_t count_max) const;

  [[nodiscard]] std::size_t size() const noexcept { return by_card_.size(); }
  [[nodiscard]] std::size_t words() const noexcept { return words_.size(); }

private:
  static constexpr std::size_t fields = 4; // name, skills, tags, description
  using counts = std::array<std::uint8_t, fields>;

  struct posting {
    std::uint32_t document = 0;
    counts occurrences{};
  };
  using word_table = std::unordered_map<std::string, std::vector<posting>>;

  /// Where a word of a document stands, to be found when it is removed.
  struct mention {
    word_table::value_type* word = nullptr;
    std::uint32_t position = 0;
  };
  struct document {
    const protocol::agent_card* card = nullptr; ///< Null: a free place.
    std::array<std::uint16_t, fields> lengths{};
    std::vector<mention> mentions;
  };

  void add_score(const word_table::value_type& word, std::uint64_t weight,
                 std::vector<std::uint64_t>& scores,
                 std::vector<std::uint32_t>& touched) const;
  [[nodiscard]] std::uint64_t
  frequency(const posting& it,
            const std::array<std::uint64_t, fields>& slopes) const;

  word_table words_;
  std::vector<document> documents_;
  std::vector<std::uint32_t> free_;
  std::unordered_map<const protocol::agent_card*, std::uint32_t> by_card_;
  std::array<std::uint64_t, fields> total_lengths_{};
};

} // namespace troupe::actors
