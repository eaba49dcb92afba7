#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace troupe::postgres {

/// A map whose changes since `keep` can be undone. Not thread-safe.
template <class Key, class Value>
class undo_map {
public:
  /// As it was read: not undone.
  void load(Key key, Value value) {
    all_.insert_or_assign(std::move(key), std::move(value));
  }

  /// Null: it is not there.
  [[nodiscard]] const Value* find(const Key& key) const {
    const auto at = all_.find(key);
    return at == all_.end() ? nullptr : &at->second;
  }

  /// What is there, or what a new one is.
  [[nodiscard]] Value get(const Key& key) const {
    const auto* it = find(key);
    return it == nullptr ? Value{} : *it;
  }

  void set(const Key& key, Value value) {
    const auto at = all_.find(key);
    before_.emplace_back(key, at == all_.end() ? std::optional<Value>{}
                                               : std::optional{at->second});
    all_.insert_or_assign(key, std::move(value));
  }

  void keep() { before_.clear(); }

  void undo() {
    for (; !before_.empty(); before_.pop_back()) {
      auto& [key, value] = before_.back();
      if (value)
        all_.insert_or_assign(key, std::move(*value));
      else
        all_.erase(key);
    }
  }

  [[nodiscard]] auto begin() const { return all_.begin(); }
  [[nodiscard]] auto end() const { return all_.end(); }

private:
  std::map<Key, Value> all_; // what one group of commits names
  std::vector<std::pair<Key, std::optional<Value>>> before_; // as `all_`
};

} // namespace troupe::postgres
