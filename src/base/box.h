// What: a heap-held value with value semantics (copy copies, == compares), for recursive plain structs.
#pragma once

#include <memory>
#include <utility>

namespace bascule {

template <class T>
class Box {
 public:
  Box() : held_(std::make_unique<T>()) {}
  Box(T value) : held_(std::make_unique<T>(std::move(value))) {}  // NOLINT(google-explicit-constructor)
  Box(const Box& other) : held_(std::make_unique<T>(*other.held_)) {}
  Box(Box&& other) noexcept = default;
  Box& operator=(const Box& other) {
    if (this != &other) held_ = std::make_unique<T>(*other.held_);
    return *this;
  }
  Box& operator=(Box&&) noexcept = default;
  ~Box() = default;
  const T& operator*() const { return *held_; }
  T& operator*() { return *held_; }
  const T* operator->() const { return held_.get(); }
  T* operator->() { return held_.get(); }
  bool operator==(const Box& other) const { return *held_ == *other.held_; }

 private:
  std::unique_ptr<T> held_;
};

}  // namespace bascule
