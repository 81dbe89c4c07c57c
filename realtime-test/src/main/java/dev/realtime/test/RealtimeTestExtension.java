package dev.realtime.test;

import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * Resolves the parameters of a {@link RealtimeTest}, and ends what they stand for. For a
 * test class whose application context is Spring's in another way, register it with
 * {@code @ExtendWith} and add the {@link RealtimeTestKit} to the application.
 */
public final class RealtimeTestExtension implements ParameterResolver, AfterEachCallback {

	private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace
		.create(RealtimeTestExtension.class);

	private static final Set<Class<?>> TYPES = Set.of(RealtimeTestClient.class, PublishedMessages.class,
			RealtimeFaults.class, RealtimeTestTime.class);

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
		return TYPES.contains(parameter.getParameter().getType());
	}

	@Override
	public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
		return resources(test).make(parameter.getParameter().getType(), SpringExtension.getApplicationContext(test));
	}

	@Override
	public void afterEach(ExtensionContext test) throws Exception {
		for (@Nullable
		ExtensionContext each = test; each != null; each = each.getParent().orElse(null)) {
			TestResources resources = each.getStore(NAMESPACE).remove(TestResources.class, TestResources.class);
			if (resources != null) {
				resources.close();
			}
		}
	}

	private static TestResources resources(ExtensionContext test) {
		ExtensionContext.Store store = test.getStore(NAMESPACE);
		TestResources known = store.get(TestResources.class, TestResources.class);
		if (known == null) {
			known = new TestResources();
			store.put(TestResources.class, known);
		}
		return known;
	}

}
