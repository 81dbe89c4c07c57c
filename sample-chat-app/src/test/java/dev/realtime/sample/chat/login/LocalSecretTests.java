package dev.realtime.sample.chat.login;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.mock.web.MockHttpServletRequest;

import static org.assertj.core.api.Assertions.assertThat;

class LocalSecretTests {

	@Test
	void theNodesOfAFolderHaveOneSecretAndThoseOfAnotherHaveAnother(@TempDir Path one, @TempDir Path another)
			throws Exception {
		String secret = LocalSecret.in(one.resolve("data"));
		assertThat(secret).matches("[0-9a-f]{64}");
		assertThat(LocalSecret.in(one.resolve("data"))).isEqualTo(secret);
		assertThat(LocalSecret.in(another)).isNotEqualTo(secret);
		assertThat(Files.getPosixFilePermissions(another.resolve("login.secret")))
			.containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
	}

	@Test
	void onlyRequestsOfThisMachineWithoutAProxyMayLogInByNameAlone() {
		assertThat(ThisMachine.sends(from("127.0.0.1"))).isTrue();
		assertThat(ThisMachine.sends(from("0:0:0:0:0:0:0:1"))).isTrue();
		assertThat(ThisMachine.sends(from("192.168.1.20"))).isFalse();
		assertThat(ThisMachine.sends(from("203.0.113.7"))).isFalse();
		for (String header : new String[] { "Forwarded", "X-Forwarded-For" }) {
			MockHttpServletRequest proxied = from("127.0.0.1");
			proxied.addHeader(header, "203.0.113.7");
			assertThat(ThisMachine.sends(proxied)).isFalse();
		}
	}

	private static MockHttpServletRequest from(String address) {
		MockHttpServletRequest request = new MockHttpServletRequest();
		request.setRemoteAddr(address);
		return request;
	}

}
