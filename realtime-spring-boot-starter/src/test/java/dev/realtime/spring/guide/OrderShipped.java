package dev.realtime.spring.guide;

import org.springframework.modulith.events.Externalized;

@Externalized("realtime::order.{orderId}")
public record OrderShipped(String orderId, String carrier) {
}
