package dev.realtime.sample.chat;

import java.util.List;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What the page is told.
 *
 * @param rooms the rooms that everybody sees; any other can be joined by its name
 * @param nodes the WebSocket addresses of all nodes: a page whose node dies goes to the
 * next one. Behind a load balancer there is one address, and no need for this
 */
@ConfigurationProperties("chat")
public record ChatProperties(List<String> rooms, List<String> nodes) {
}
