package dev.realtime.test.shop;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

import dev.realtime.test.RealtimeRefusedException;
import dev.realtime.test.RealtimeTest;
import dev.realtime.test.RealtimeTestClient;
import org.junit.jupiter.api.Test;

import org.springframework.security.authentication.TestingAuthenticationToken;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Spring Security stays in force, and knows the users of tests. */
@RealtimeTest(classes = SecuredShop.class)
class SecuredIT {

	@Test
	void aClientThatSaysNothingIsRefused(RealtimeTestClient client) {
		assertThatExceptionOfType(RealtimeRefusedException.class).isThrownBy(client::connect)
			.returns("http-401", RealtimeRefusedException::reason);
	}

	@Test
	void aUserOfTheTestPassesTheFiltersWithItsRightsAlone(RealtimeTestClient client) {
		assertThat(client.asUser("kim", "ROLE_KEEPER").subscribe("secret.1").messages()).isEmpty();
		assertThatExceptionOfType(RealtimeRefusedException.class)
			.isThrownBy(() -> client.asUser("eve").subscribe("secret.1"))
			.returns("no-access", RealtimeRefusedException::reason);
	}

	@Test
	void anAuthenticationOfTheTestIsTheUser(RealtimeTestClient client) {
		RealtimeTestClient kim = client.as(new TestingAuthenticationToken("kim", null, "ROLE_KEEPER"));
		assertThat(kim.user()).isEqualTo("kim");
		assertThat(kim.subscribe("secret.1").messages()).isEmpty();
	}

	@Test
	void theApplicationsOwnLoginWorks(RealtimeTestClient client) {
		String login = Base64.getEncoder().encodeToString("ann:secret".getBytes(StandardCharsets.UTF_8));
		RealtimeTestClient ann = client.withHandshakeHeader("Authorization", "Basic " + login);
		assertThat(ann.user()).isEqualTo("ann");
		assertThat(ann.subscribe("secret.1").messages()).isEmpty();
	}

}
