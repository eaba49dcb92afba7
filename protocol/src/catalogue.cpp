#include "troupe/protocol/catalogue.hpp"

#include "wide_integer.hpp"

namespace troupe::protocol {

namespace {

constexpr std::int64_t tokens_priced = 1'000'000;

/// Sums tokens times price without overflow: a product fits 127 bits, a sum of
/// several may not, so whole units and the remainder are kept apart.
class bill {
public:
  void add(std::uint64_t tokens, money price) {
    const auto product = wide_integer{price.nano_usd} * tokens;
    whole_ += product / tokens_priced;
    rest_ += product % tokens_priced;
  }
  [[nodiscard]] money total() const {
    return {saturated(whole_ + divided_up(rest_, tokens_priced))};
  }

private:
  wide_integer whole_ = 0;
  wide_integer rest_ = 0;
};

const price_band& band_for(const std::vector<price_band>& bands,
                           std::uint64_t prompt) {
  const price_band* best = &bands.front();
  for (const auto& band : bands)
    if (band.prompt_above < prompt && band.prompt_above > best->prompt_above)
      best = &band;
  return *best;
}

} // namespace

money cost_of(const model_spec& model, const usage& used) {
  if (model.prices.empty())
    return {};
  const auto& band = band_for(model.prices, used.prompt());
  bill sum;
  sum.add(used.input, band.input);
  sum.add(used.cache_read, band.cache_read);
  sum.add(used.cache_write, band.cache_write);
  sum.add(used.cache_write_1h, band.cache_write_1h);
  sum.add(used.output, band.output);
  return sum.total();
}

} // namespace troupe::protocol
