package dev.realtime.spring;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code realtime.role}.
 *
 * @param role what this application is in the fleet: a node, which holds connections, a
 * publisher, which has no endpoint, or a gateway, which hands clients' SENDs to the
 * application on
 */
@ConfigurationProperties("realtime")
public record RoleProperties(@DefaultValue("node") Role role) {
}
