"""What a correct push proxy would send on to APNs, FCM or Huawei for a push. Pure; imports its own room's parent.

What the proxy alone knows (its credentials, the app's name at the provider) is marked as such, never invented.
Source: the wire contract's rules for each provider, and the providers' own documents of their HTTP interfaces.
"""
