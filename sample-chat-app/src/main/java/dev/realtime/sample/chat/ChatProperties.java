package dev.realtime.sample.chat;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What the pages are told.
 *
 * @param rooms the rooms that everybody sees; any other can be joined by its name
 * @param url this node's WebSocket address: a page whose node dies goes to another one.
 * Behind a load balancer it is that of the balancer. Without it the node is on this
 * machine
 */
@ConfigurationProperties("chat")
public record ChatProperties(List<String> rooms, @Nullable String url) {
}
