package dev.realtime.spring.publisher.broken;

import dev.realtime.spring.publisher.PublishedOn;

/**
 * Has no property of the placeholder's name.
 *
 * @param orderId an order
 */
@PublishedOn("order.{oderId}")
public record Misspelt(String orderId) {
}
