package dev.realtime.test;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

import org.springframework.context.ApplicationContext;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * Resolves the parameters of a {@link RealtimeTest}, and closes its clients. For a test
 * class whose application context is Spring's in another way, register it with
 * {@code @ExtendWith} and add the {@link RealtimeTestKit} to the application.
 */
public final class RealtimeTestExtension implements ParameterResolver, AfterEachCallback {

	private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace
		.create(RealtimeTestExtension.class);

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
		return parameter.getParameter().getType() == RealtimeTestClient.class;
	}

	@Override
	public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
		return clients(test).make(SpringExtension.getApplicationContext(test));
	}

	@Override
	public void afterEach(ExtensionContext test) {
		for (@Nullable ExtensionContext each = test; each != null; each = each.getParent().orElse(null)) {
			OpenClients clients = each.getStore(NAMESPACE).remove(OpenClients.class, OpenClients.class);
			if (clients != null) {
				clients.close();
			}
		}
	}

	private static OpenClients clients(ExtensionContext test) {
		ExtensionContext.Store store = test.getStore(NAMESPACE);
		OpenClients known = store.get(OpenClients.class, OpenClients.class);
		if (known == null) {
			known = new OpenClients();
			store.put(OpenClients.class, known);
		}
		return known;
	}

}
