package dev.realtime.spring.ticket;

import java.security.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

import dev.realtime.TopicPattern;
import dev.realtime.json.Json;
import dev.realtime.spring.RightsProperties;
import dev.realtime.spring.json.JsonObject;
import dev.realtime.spring.security.ConnectToken;
import dev.realtime.spring.security.GrantsHolder;
import dev.realtime.spring.security.TokenGrants;
import org.jspecify.annotations.Nullable;

/**
 * The user for whom a ticket was issued, as it is kept.
 *
 * @param name the user's name
 * @param authorities those of Spring Security, at most {@value #MAX_AUTHORITIES}
 * @param expiresAt until when the user may stay connected; null for as long as wanted
 * @param token the token with which the ticket was fetched, as far as it can be revoked
 * @param grants what that token grants; null if it says nothing about topics
 */
record TicketUser(String name, List<String> authorities, @Nullable Instant expiresAt, @Nullable ConnectToken token,
		@Nullable TokenGrants grants) implements Principal, GrantsHolder {

	static final int MAX_AUTHORITIES = 1_000;

	TicketUser {
		if (authorities.size() > MAX_AUTHORITIES) {
			throw new IllegalStateException("A user with a ticket has at most " + MAX_AUTHORITIES
					+ " authorities, and \"" + name + "\" has " + authorities.size());
		}
		authorities = List.copyOf(authorities);
	}

	@Override
	public String getName() {
		return this.name;
	}

	String write() {
		Json json = new Json(128).open('{').name("user").value(this.name).name("authorities").open('[');
		this.authorities.forEach(json::value);
		json.close(']');
		if (this.expiresAt != null) {
			json.name("expiresAt").value(this.expiresAt.toEpochMilli());
		}
		if (this.token != null) {
			json.name("token").value(1).optional("tokenId", this.token.id());
			if (this.token.issuedAt() != null) {
				json.name("issuedAt").value(this.token.issuedAt().toEpochMilli());
			}
		}
		if (this.grants != null) {
			json.name("grants").value(1);
			write(json, "read", this.grants.read());
			write(json, "publish", this.grants.publish());
			write(json, "members", this.grants.members());
		}
		return json.close('}').toString();
	}

	private static void write(Json json, String name, List<TopicPattern> patterns) {
		json.name(name).open('[');
		patterns.forEach((pattern) -> json.value(pattern.text()));
		json.close(']');
	}

	private static List<TopicPattern> patterns(JsonObject json, String name) {
		return Objects.requireNonNull(json.strings(name, RightsProperties.MOST_GRANTS))
			.stream()
			.map(TopicPattern::new)
			.toList();
	}

	static TicketUser read(String text) {
		JsonObject json = JsonObject.parse(text);
		boolean token = json.wholeNumber("token") != null;
		return new TicketUser(Objects.requireNonNull(json.string("user")),
				Objects.requireNonNullElse(json.strings("authorities", MAX_AUTHORITIES), List.of()),
				instant(json, "expiresAt"),
				token ? new ConnectToken(json.string("tokenId"), instant(json, "issuedAt")) : null, grants(json));
	}

	private static @Nullable TokenGrants grants(JsonObject json) {
		return (json.wholeNumber("grants") != null)
				? new TokenGrants(patterns(json, "read"), patterns(json, "publish"), patterns(json, "members")) : null;
	}

	private static @Nullable Instant instant(JsonObject json, String name) {
		Long millis = json.wholeNumber(name);
		return (millis != null) ? Instant.ofEpochMilli(millis) : null;
	}

}
