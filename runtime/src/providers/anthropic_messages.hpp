#pragma once

#include "providers/wire_codec.hpp"

#include <boost/json/object.hpp>

/// Anthropic's Messages.
namespace troupe::providers {

[[nodiscard]] protocol::result<std::string>
encode_anthropic(const wire_options& options, const protocol::model_call& call);

/// Marks at most four ends of what comes again with `cache_control`: tools,
/// system text, and messages: with tools, what is said so far, since its next
/// turn repeats it, and what the turn before has marked; else all but the last.
/// Prefixes that are too short for the model to keep get no mark.
void mark_prompt_cache(boost::json::object& body);

[[nodiscard]] protocol::result<protocol::model_reply>
decode_anthropic(std::string_view body);

[[nodiscard]] std::unique_ptr<stream_decoder> make_anthropic_decoder();

/// Figures of a `usage` object; those of a stream are cumulative, and a later
/// object replaces only what it names.
class anthropic_usage {
public:
  void merge(const boost::json::object& reported);

  /// Those of a stream's beginning, which cannot know the output.
  void begin(const boost::json::object& reported) {
    merge(reported);
    own_.output = 0;
    has_output_ = false;
  }

  /// With a figure missing, or zero although there is output: estimated, and
  /// the caller has to count what is zero.
  [[nodiscard]] protocol::usage total(bool has_output) const;

private:
  struct figures {
    std::uint64_t input = 0;
    std::uint64_t output = 0;
    std::uint64_t cache_read = 0;
    std::uint64_t cache_write = 0;    ///< All writes together.
    std::uint64_t cache_write_1h = 0; ///< The part kept for an hour.

    void merge(const boost::json::object& reported);
  };

  figures own_;
  figures beside_; ///< Steps billed beside the answer (compaction).
  std::uint64_t reasoning_ = 0;
  bool has_input_ = false; ///< It was told, as was the other.
  bool has_output_ = false;
};

[[nodiscard]] protocol::stop_reason anthropic_stop(std::string_view reason);

/// What marks a signature as the data of a redacted thinking block, which has
/// to be sent back as such.
inline constexpr std::string_view redacted_mark = "redacted:";

} // namespace troupe::providers
