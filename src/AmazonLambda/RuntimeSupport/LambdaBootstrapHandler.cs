namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Serves one invocation: from the event's bytes to the response's bytes.</summary>
public delegate Task<InvocationResponse> LambdaBootstrapHandler(InvocationRequest invocation);
