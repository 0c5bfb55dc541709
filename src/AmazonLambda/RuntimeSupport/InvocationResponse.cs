namespace Amazon.Lambda.RuntimeSupport;

/// <summary>A handler's answer, sent from the stream's present position to its end.</summary>
public class InvocationResponse(Stream outputStream, bool disposeOutputStream)
{
    public InvocationResponse(Stream outputStream)
        : this(outputStream, true)
    {
    }

    public Stream OutputStream { get; set; } = outputStream ?? throw new ArgumentNullException(nameof(outputStream));

    /// <summary>True: the stream is disposed once it was sent.</summary>
    public bool DisposeOutputStream { get; } = disposeOutputStream;
}
