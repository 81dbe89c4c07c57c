package dev.realtime.spring.guide;

import dev.realtime.spring.publisher.PublishedOn;

@PublishedOn("order.{orderId}")
public record OrderPacked(String orderId, int items) {
}
