package dev.realtime.spring.netty;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLException;

import dev.realtime.spring.InvalidRealtimePropertyException;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslOptions;

/**
 * TLS with the keys, ciphers and protocols of an SSL bundle. When the bundle is updated,
 * connections that come later get the new certificate; those that are open keep theirs.
 */
final class ServerTls {

	private static final Logger logger = LoggerFactory.getLogger(ServerTls.class);

	private final String name;

	private final Duration handshakeTimeout;

	private volatile SslContext context;

	ServerTls(String name, @Nullable SslBundles bundles, Duration handshakeTimeout) {
		this.name = name;
		this.handshakeTimeout = handshakeTimeout;
		if (bundles == null || !bundles.getBundleNames().contains(name)) {
			throw illegal("must be the name of a bundle under spring.ssl.bundle; there is "
					+ ((bundles == null || bundles.getBundleNames().isEmpty()) ? "none"
							: String.join(", ", bundles.getBundleNames())),
					null);
		}
		try {
			this.context = context(bundles.getBundle(name));
		}
		catch (SSLException | RuntimeException ex) {
			throw illegal("must be a bundle with a key and its certificate: " + ex.getMessage(), ex);
		}
		bundles.addBundleUpdateHandler(name, this::update);
	}

	SslHandler handler(Channel channel) {
		SslHandler handler = this.context.newHandler(channel.alloc());
		handler.setHandshakeTimeout(this.handshakeTimeout.toMillis(), TimeUnit.MILLISECONDS);
		return handler;
	}

	private void update(SslBundle bundle) {
		try {
			this.context = context(bundle);
			logger.info("The SSL bundle {} was updated", this.name);
		}
		catch (SSLException | RuntimeException ex) {
			logger.error("The SSL bundle {} was updated, but cannot be used; the previous one stays in use", this.name,
					ex);
		}
	}

	private static SslContext context(SslBundle bundle) throws SSLException {
		SslOptions options = bundle.getOptions();
		SslContextBuilder builder = SslContextBuilder.forServer(bundle.getManagers().getKeyManagerFactory())
			.trustManager(bundle.getManagers().getTrustManagerFactory())
			.sslProvider(SslProvider.JDK);
		if (options.getCiphers() != null) {
			builder.ciphers(Arrays.asList(options.getCiphers()));
		}
		if (options.getEnabledProtocols() != null) {
			builder.protocols(options.getEnabledProtocols());
		}
		return builder.build();
	}

	private InvalidRealtimePropertyException illegal(String why, @Nullable Throwable cause) {
		InvalidRealtimePropertyException illegal = new InvalidRealtimePropertyException("realtime.netty.ssl-bundle",
				this.name, why);
		illegal.initCause(cause);
		return illegal;
	}

}
