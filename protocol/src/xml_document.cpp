#include "troupe/protocol/xml_document.hpp"

#include <algorithm>

namespace troupe::protocol {

std::string_view xml_element::name() const noexcept {
  return document_->at(document_->nodes_[index_].name);
}

bool xml_element::is(std::string_view name) const noexcept {
  return is_in_namespace() && this->name() == name;
}

bool xml_element::is_in_namespace() const noexcept {
  return document_->nodes_[index_].is_in_namespace;
}

std::string_view xml_element::text() const noexcept {
  return document_->at(document_->nodes_[index_].text);
}

bool xml_element::is_base64() const noexcept {
  return document_->nodes_[index_].is_base64;
}

std::string_view xml_element::unknown_attribute() const noexcept {
  if (!document_->nodes_[index_].has_unknown_attribute)
    return {};
  const auto& all = document_->unknown_;
  const auto found = std::lower_bound(
      all.begin(), all.end(), index_,
      [](const auto& each, std::uint32_t node) { return each.node < node; });
  return document_->at(found->name);
}

std::uint32_t xml_element::line() const noexcept {
  return document_->nodes_[index_].line;
}

xml_element xml_element::first_child() const noexcept {
  return document_->nodes_[index_].has_child
             ? xml_element{document_, index_ + 1}
             : xml_element{};
}

xml_element xml_element::next_sibling() const noexcept {
  const auto next = document_->nodes_[index_].next;
  return next == 0 ? xml_element{} : xml_element{document_, next};
}

} // namespace troupe::protocol
