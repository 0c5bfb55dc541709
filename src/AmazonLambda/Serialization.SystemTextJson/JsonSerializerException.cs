namespace Amazon.Lambda.Serialization.SystemTextJson;

/// <summary>An event is not the JSON of the handler's input, or an output cannot be written as JSON. Trying again cannot help.</summary>
public class JsonSerializerException : Exception
{
    public JsonSerializerException(string message)
        : base(message)
    {
    }

    public JsonSerializerException(string message, Exception exception)
        : base(message, exception)
    {
    }
}
