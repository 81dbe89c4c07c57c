package dev.realtime.spring.journey;

import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class ProxyServerTests {

	@Test
	void aTestBehindAProxyThatIsNotInstalledIsLeftOutAndSaysHowToInstallIt() {
		assertThatExceptionOfType(TestAbortedException.class)
			.isThrownBy(() -> ProxyServer.requireInstalled("no-such-proxy", false))
			.withMessageContaining("apt-get install no-such-proxy");
	}

	@Test
	void whereProxiesAreRequiredAMissingOneIsAFailure() {
		assertThatIllegalStateException().isThrownBy(() -> ProxyServer.requireInstalled("no-such-proxy", true))
			.withMessageContaining("REALTIME_TEST_PROXIES");
	}

}
