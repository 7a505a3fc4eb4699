print("thuispunt")
