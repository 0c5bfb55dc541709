namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Runs once before the first invocation; false ends the process without an error, an exception ends it with one.</summary>
public delegate Task<bool> LambdaBootstrapInitializer();
