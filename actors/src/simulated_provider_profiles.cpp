#include "simulated_provider_rules.hpp"
#include "text_digest_random.hpp"

#include <algorithm>

namespace troupe::actors {

using std::chrono::microseconds;

simulated_profile default_profile(protocol::tier level) {
  simulated_profile out;
  out.model = "simulated/" + std::string{protocol::enum_name(level)};
  const auto set = [&](int first, int first_p90, int token, int token_p90,
                       std::uint32_t quality) {
    out.first_token_median = microseconds{first};
    out.first_token_p90 = microseconds{first_p90};
    out.token_median = microseconds{token};
    out.token_p90 = microseconds{token_p90};
    out.quality_permille = quality;
  };
  if (level == protocol::tier::basic)
    set(180'000, 420'000, 5'000, 9'000, 700);
  else if (level == protocol::tier::advanced)
    set(450'000, 1'100'000, 12'000, 20'000, 900);
  else
    set(900'000, 2'400'000, 22'000, 38'000, 1000);
  return out;
}

std::vector<simulated_profile> default_profiles() {
  return {default_profile(protocol::tier::basic),
          default_profile(protocol::tier::advanced),
          default_profile(protocol::tier::expert)};
}

std::uint32_t simulated_rating(std::uint32_t quality_permille,
                               std::uint64_t seed) {
  constexpr std::uint64_t beside = 30;
  const auto middle = std::min<std::uint64_t>(quality_permille / 10, 100);
  const auto rating = middle + seeded_random{seed}.below(2 * beside + 1);
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(rating - std::min(rating, beside), 100));
}

} // namespace troupe::actors
