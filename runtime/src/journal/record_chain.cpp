#include "journal/record_chain.hpp"

#include <algorithm>

namespace troupe {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::size_t page = 256;

protocol::error failed(const protocol::error& why) {
  return fail(errc::journal_failed, why.detail);
}

} // namespace

result<chain_head> chain_at(actors::durable_store& store,
                            const std::string& name) {
  const std::vector<std::string> keys{name};
  const auto found = store.get(keys);
  if (!found)
    return failed(found.error());
  if (found->front().revision == 0)
    return chain_head{};
  return from_text<chain_head>(found->front().value, name);
}

void extend_chain(const std::string& name, protocol::id salt,
                  const std::vector<std::string>& texts, chain_head& chain,
                  actors::store_txn& to) {
  to.require.emplace_back(actors::require_last{name, chain.records});
  actors::append_records records{name, {}};
  for (const auto& text : texts) {
    chain = {chain.records + 1, hash_of(chain.hash, salt, text)};
    records.records.push_back(chain.hash + ' ' + text);
  }
  to.ops.emplace_back(std::move(records));
  to.ops.emplace_back(actors::put_value{name, text_of(chain)});
}

result<chain_head> follow_chain(
    actors::durable_store& store, const std::string& name, protocol::id salt,
    const std::function<result<void>(std::string_view, const std::string&)>&
        take) {
  chain_head chain;
  for (bool is_more = true; is_more;) {
    const auto records = store.read(name, chain.records, page);
    if (!records)
      return failed(records.error());
    is_more = records->size() == page;
    for (const auto& it : *records) {
      const auto text = std::string_view{it.record}.substr(
          std::min(it.record.size(), no_hash.size() + 1));
      chain = {chain.records + 1, hash_of(chain.hash, salt, text)};
      const auto entry = "entry " + std::to_string(chain.records);
      if (it.sequence != chain.records || !it.record.starts_with(chain.hash))
        return fail(errc::journal_damaged,
                    entry + " is not what followed the one before it");
      if (const auto taken = take(text, chain.hash); !taken)
        return fail(taken.error().code, entry + ": " + taken.error().detail);
    }
  }
  if (const auto end = chain_at(store, name); !end || *end != chain)
    return fail(errc::journal_damaged, "there are "
                                           + std::to_string(chain.records)
                                           + " entries, and another end than "
                                             "there was");
  return chain;
}

} // namespace troupe
