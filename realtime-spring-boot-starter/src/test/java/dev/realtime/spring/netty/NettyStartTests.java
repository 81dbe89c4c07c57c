package dev.realtime.spring.netty;

import dev.realtime.spring.InvalidRealtimePropertyException;
import dev.realtime.spring.testing.BootAutoConfigurations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is wrong with the listener's configuration is said in a sentence, at the start.
 */
class NettyStartTests {

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withUserConfiguration(EdgeNode.Application.class)
		.withPropertyValues("realtime.netty.port=0", "realtime.security.anonymous=true", "realtime.broker=memory",
				"spring.autoconfigure.exclude=" + String.join(",", BootAutoConfigurations.HIBERNATE));

	@Test
	void withoutNettysHttpCodecItNamesTheDependency() {
		assertFails(this.runner.withClassLoader(new FilteredClassLoader("io.netty.handler.codec.http")),
				"realtime.netty.port", "needs io.netty:netty-codec-http; add this dependency");
	}

	@Test
	void withoutNettysProxyCodecItNamesTheDependency() {
		assertFails(this.runner.withClassLoader(new FilteredClassLoader("io.netty.handler.codec.haproxy"))
			.withPropertyValues("realtime.netty.proxy-protocol=true", "realtime.netty.trusted-proxies=10.0.0.0/8"),
				"realtime.netty.proxy-protocol", "needs io.netty:netty-codec-haproxy; add this dependency");
	}

	@ParameterizedTest
	@ValueSource(strings = { "proxy.example.com", "10.0.0.0/33", "10.0.0.0/x", "10.0.0/8", "fd00::/129", "/8" })
	void aRangeOfProxiesMustBeOne(String range) {
		assertFails(this.runner.withPropertyValues("realtime.netty.trusted-proxies=127.0.0.1," + range),
				"realtime.netty.trusted-proxies", "\"" + range + "\": must be address ranges such as 10.0.0.0/8");
	}

	@Test
	void rule10_withNothingThatSaysWhoConnectsThePortStaysClosed() {
		assertFails(this.runner.withPropertyValues("realtime.security.anonymous=false"), "realtime.netty.port",
				"needs a ConnectAuthenticator bean or a JwtDecoder");
	}

	@Test
	void theProxyProtocolNeedsTrustedProxies() {
		assertFails(this.runner.withPropertyValues("realtime.netty.proxy-protocol=true"),
				"realtime.netty.trusted-proxies", "realtime.netty.proxy-protocol is on, so name the address ranges");
	}

	@Test
	void theSslBundleMustExist() {
		assertFails(this.runner.withPropertyValues("realtime.netty.ssl-bundle=edge"), "realtime.netty.ssl-bundle",
				"\"edge\": must be the name of a bundle under spring.ssl.bundle; there is none");
		assertFails(this.runner
			.withBean(DefaultSslBundleRegistry.class,
					() -> new DefaultSslBundleRegistry("web", SslBundle.of(SslStoreBundle.NONE)))
			.withPropertyValues("realtime.netty.ssl-bundle=edge"), "realtime.netty.ssl-bundle", "there is web");
	}

	@Test
	void withoutANodeThereIsNoListener() {
		this.runner.withPropertyValues("realtime.enabled=false", "spring.liquibase.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(NettyListener.class));
	}

	private static void assertFails(WebApplicationContextRunner runner, String property, String sentence) {
		runner.run((context) -> {
			Throwable failure = context.getStartupFailure();
			while (failure != null && !(failure instanceof InvalidRealtimePropertyException)) {
				failure = failure.getCause();
			}
			assertThat(failure)
				.isInstanceOfSatisfying(InvalidRealtimePropertyException.class,
						(invalid) -> assertThat(invalid.property()).isEqualTo(property))
				.hasMessageContaining(sentence);
		});
	}

}
