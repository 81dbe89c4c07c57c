package dev.realtime.spring;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundles;

/**
 * The certificates that a client of this node trusts and shows, from a bundle of Boot's.
 * Public for the starter's packages; not for applications.
 */
public final class BundleTls {

	private BundleTls() {
	}

	/**
	 * Returns the bundle's TLS; null without a bundle, for the JDK's.
	 * @param property the one that names the bundle
	 */
	public static @Nullable SSLContext of(String property, @Nullable String bundle,
			ObjectProvider<SslBundles> bundles) {
		if (bundle == null) {
			return null;
		}
		SslBundles all = bundles.getIfAvailable();
		try {
			if (all != null) {
				return all.getBundle(bundle).createSslContext();
			}
		}
		catch (NoSuchSslBundleException ex) {
			// said below
		}
		catch (IllegalStateException ex) {
			throw new InvalidRealtimePropertyException(property, bundle, "cannot be used: " + ex.getMessage());
		}
		throw new InvalidRealtimePropertyException(property, bundle,
				"must be the name of a bundle under spring.ssl.bundle");
	}

}
